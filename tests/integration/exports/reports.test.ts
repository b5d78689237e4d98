import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthSamples } from '#db/schema/index.ts';
import { EXPORT_TABLES } from '#server/contracts/export.ts';
import { sumUsd, toLedgerUsd } from '#server/lib/money.ts';
import { getHistory } from '#server/services/health/get-history.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { getWaste } from '#server/services/reports/get-waste.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { download, exportDeps, readCsv } from '#tests/support/exports.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const ZONE = 'Europe/Moscow';
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

let database: TestDatabase;
const deps = () => exportDeps(database.handle.db, NOW, ZONE);
const csvOf = async (name: string, query: string) => readCsv((await download(deps(), name, query)).text);
const text = (value: string | number | boolean | null) => (value === null ? '' : String(value));
const column = (rows: readonly Readonly<Record<string, string>>[], header: string) => rows.map((row) => row[header] ?? 'absent');

beforeAll(async () => {
  database = await createTestDatabase();
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
  const userId = await seedUser(db);
  await seedGeneration(db, { startedAt: hoursAgo(1), userId, costUsd: '0.000000000001', disposition: 'delivered' });
  await seedGeneration(db, { startedAt: hoursAgo(30), userId, costUsd: '0.3', costSource: 'estimated', operation: 'natal_chart', model: '=evil()', disposition: 'rejected', errorType: 'too_short' });
  await seedGeneration(db, { startedAt: hoursAgo(50), costUsd: '7.123456789012', costSource: 'lookup', operation: 'horoscope', disposition: 'delivered' });
  await seedGeneration(db, { startedAt: hoursAgo(60), status: 'unknown', costUsd: null, costSource: 'none', errorType: 'interrupted' });
  for (const hours of [1, 49]) await seedInteraction(db, { at: hoursAgo(hours), userId });
  await seedPayment(db, { userId, paidAt: hoursAgo(40), refundedAt: hoursAgo(20) });
  await db.insert(healthSamples).values({
    check: 'database', resolution: 'hour', bucketAt: new Date('2026-11-20T09:00:00Z'), healthyMs: 3_000_000, unhealthyMs: 600_000, disabledMs: 0, sampleCount: 60, latencySumMs: 600, latencyMaxMs: 40,
  });
});
afterAll(() => database.drop());

test('the cost over time is that of the report, bucket by bucket, and adds up to its total', async () => {
  const overview = await getOverview(deps(), { range: '7d' });
  const { headers, rows } = await csvOf('overview', 'range=7d&table=cost-over-time');
  expect(headers).toEqual([`starts_at (${ZONE})`, 'is_unfinished', 'cost_usd', 'generation_count']);
  expect(column(rows, headers[0] ?? '').map((at) => new Date(at).toISOString())).toEqual(overview.costOverTime.map(({ startsAt }) => startsAt));
  expect(rows[1]?.[headers[0] ?? '']).toMatch(/T00:00:00\+03:00$/);
  expect(column(rows, 'cost_usd')).toEqual(overview.costOverTime.map(({ costUsd }) => costUsd));
  expect(toLedgerUsd(sumUsd(column(rows, 'cost_usd')))).toBe('7.423456789013');
});

test('the operations and the figures are those of the report, and what is not defined is an empty cell', async () => {
  const overview = await getOverview(deps(), { range: '24h' });
  const { rows } = await csvOf('overview', 'range=24h&table=operations');
  expect(rows.map((row) => Object.values(row))).toEqual(
    overview.costByOperation.map((each) => [each.operation, each.costUsd, each.generationCount, each.failedCount, each.tokenCount, each.averageUsd].map(text)),
  );
  const figures = Object.fromEntries((await csvOf('overview', 'range=24h&table=figures')).rows.map(({ figure, value }) => [figure, value]));
  expect(figures).toMatchObject({ total_usd: overview.cost.totalUsd, dau: '1', per_paying_user_usd: '', interaction_error_ratio: text(overview.interactions.errorRatio) });
});

test('without a table the first one is given', async () => {
  const [first, named] = await Promise.all([download(deps(), 'waste'), download(deps(), 'waste', 'table=causes')]);
  expect([first.fileName, first.text]).toEqual([named.fileName, named.text]);
  expect(first.fileName).toBe('adtrobot-waste-causes-2026-11-13-2026-11-20.csv');
});

test.each([
  ['causes', 'byCause'],
  ['operations', 'byOperation'],
  ['models', 'byModel'],
] as const)('the waste by %s is that of the report, and adds up to the figures beside it', async (table, list) => {
  const waste = await getWaste(deps(), { range: '7d' });
  const { rows } = await csvOf('waste', `range=7d&table=${table}`);
  expect(rows).toHaveLength(waste[list].length);
  const figures = Object.fromEntries((await csvOf('waste', 'range=7d&table=figures')).rows.map(({ figure, value }) => [figure, value]));
  for (const header of ['cost_usd', 'delivered_usd', 'wasted_usd']) expect(toLedgerUsd(sumUsd(column(rows, header)))).toBe(figures[header]);
  for (const header of ['attempt_count', 'settled_count', 'open_count']) expect(column(rows, header).reduce((sum, count) => sum + Number(count), 0)).toBe(Number(figures[header]));
});

test.each([
  ['costs', ['over-time', 'operations', 'models', 'plans', 'cost-sources', 'dispositions'], ['cost_usd', 'attempt_count']],
  ['economics', ['over-time', 'plans', 'sources'], ['revenue_usd', 'payment_count', 'refund_usd', 'cost_usd', 'margin_usd']],
  ['economics', ['operations'], ['cost_usd', 'attempt_count']],
])('each table of %s adds up to its figures, negative amounts included: %j', async (name, tables, headers) => {
  const figures = Object.fromEntries((await csvOf(name, 'range=7d&table=figures')).rows.map(({ figure, value }) => [figure, value]));
  for (const table of tables) {
    const { rows } = await csvOf(name, `range=7d&table=${table}`);
    for (const header of headers) expect([table, header, toLedgerUsd(sumUsd(column(rows, header)))]).toEqual([table, header, toLedgerUsd(figures[header] ?? 'absent')]);
  }
});

test('the parts of the cost over time have a column each, and add up to each bucket', async () => {
  const costs = await getCosts(deps(), { range: '7d', by: 'model' });
  const { headers, rows } = await csvOf('costs', 'range=7d&by=model');
  const parts = headers.slice(4);
  expect(parts).toEqual(costs.series.map((name) => `cost_usd (${name ?? 'others'})`));
  for (const row of rows) expect(toLedgerUsd(sumUsd(parts.map((part) => row[part] || '0')))).toBe(row['cost_usd']);
});

test.each(Object.keys(EXPORT_TABLES))('what the figures of %s are compared with stands beside them when the page compares', async (name) => {
  const [plain, compared] = await Promise.all([csvOf(name, 'range=24h&table=figures'), csvOf(name, 'range=24h&table=figures&compare=previous')].map((read) => read.catch(() => null)));
  if (plain === null || plain === undefined) return expect(EXPORT_TABLES).toMatchObject({ [name]: expect.not.arrayContaining(['figures']) });
  expect(plain.headers).toEqual(['figure', 'value']);
  expect(compared?.headers).toEqual(['figure', 'value', 'compared_value']);
  expect(column(compared?.rows ?? [], 'figure')).toEqual(column(plain.rows, 'figure'));
});

test('what figures are compared with is what the report says, and empty where that is not on record', async () => {
  const { db } = database.handle;
  const valueOf = async (name: string, query: string, wanted: string) => (await csvOf(name, `${query}&table=figures&compare=previous`)).rows.find(({ figure }) => figure === wanted)?.['compared_value'];
  const report = await getOverview({ ...deps(), db }, { range: '24h', compare: 'previous' });
  expect(report.compared).not.toBeNull();
  expect(await valueOf('overview', 'range=24h', 'total_usd')).toBe(report.compared?.cost.totalUsd);
  expect(await valueOf('overview', 'range=24h', 'mau')).toBe('');
  expect((await getOverview({ ...deps(), db }, { range: '30d', compare: 'previous' })).compared).toBeNull();
  expect(await valueOf('overview', 'range=30d', 'total_usd')).toBe('');
  expect(await valueOf('performance', 'range=24h', 'throughput_request_count')).toBe('');
});

test.each(Object.entries(EXPORT_TABLES).flatMap(([name, tables]) => tables.map((table) => [name, table] as const)))('the table %s %s has a heading of its own for every column', async (name, table) => {
  const { headers } = await csvOf(name, `range=24h&table=${table}`);
  expect(new Set(headers).size).toBe(headers.length);
  for (const header of headers) expect(header).toMatch(/^[a-z\d]+(_[a-z\d]+)*( \(.+\))?$/);
});

test('a name that would be a formula is marked', async () => {
  expect(column((await csvOf('waste', 'range=7d&table=models')).rows, 'model')).toContain("'=evil()");
});

test('the history of health is that of the report, check by check and bar by bar', async () => {
  const query = 'from=2026-11-20T00:00:00Z&to=2026-11-20T12:00:00Z';
  const history = await getHistory(deps(), { from: '2026-11-20T00:00:00Z', to: '2026-11-20T12:00:00Z' });
  const checks = await csvOf('health-history', `${query}&table=checks`);
  expect(checks.rows.map((row) => [row['check'], row['uptime_ratio'], row['sampled_ms']])).toEqual(
    history.checks.map(({ check, uptimeRatio, sampledMs }) => [check, text(uptimeRatio), text(sampledMs)]),
  );
  expect((await csvOf('health-history', query)).rows).toHaveLength(history.checks.flatMap(({ bars }) => bars).length);
});

test.each(Object.keys(EXPORT_TABLES))('as JSON the report %s is what the program itself is given', async (name) => {
  const readers = { overview: getOverview, costs: getCosts, waste: getWaste, economics: getEconomics, users: getUsers, performance: getPerformance, errors: getErrors, jobs: getJobs, 'health-history': getHistory };
  const read = Object.entries(readers).find(([known]) => known === name)?.[1];
  const { fileName, contentType, text: json } = await download(deps(), name, 'range=30d&format=json');
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(await read?.(deps(), { range: '30d' }))));
  expect([fileName, contentType]).toEqual([`adtrobot-${name}-2026-10-21-2026-11-20.json`, 'application/json; charset=utf-8']);
  expect(json).toContain('\n  "');
});

test.each([
  ['overview', 'table=nothing', 'bad_input'],
  ['overview', 'format=xlsx', 'bad_input'],
  ['overview', 'from=2025-01-01T00:00:00Z&to=2026-11-01T00:00:00Z', 'bad_input'],
  ['passwords', '', 'not_found'],
  ['constructor', '', 'not_found'],
])('the export %s with %s is refused before anything is sent', async (name, query, code) => {
  await expect(download(deps(), name, query)).rejects.toMatchObject({ code });
});
