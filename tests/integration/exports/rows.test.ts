import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditLog, healthSamples, users } from '#db/schema/index.ts';
import { sumUsd, toLedgerUsd } from '#server/lib/money.ts';
import { countInTime } from '#server/services/exports/count-in-time.ts';
import { openExport } from '#server/services/exports/open-export.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { download, exportDeps, readCsv } from '#tests/support/exports.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const CANARY = 'canary-7f3a';
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

let database: TestDatabase;
let anna: number;
const deps = () => exportDeps(database.handle.db, NOW, 'Europe/Moscow');
const rowsOf = async (name: string, query: string) => readCsv((await download(deps(), name, query)).text);

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  await db.execute(sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`);
  anna = await seedUser(db);
  await db.update(users).set({ birthPlace: CANARY, birthDate: '1990-05-17', dialog: { step: CANARY, data: { question: CANARY } }, source: CANARY });
  await seedGeneration(db, { startedAt: hoursAgo(1), userId: anna, costUsd: '0.000000000001', disposition: 'delivered' });
  // Half past midnight by the clock of reports: its day is the next one.
  await seedGeneration(db, { startedAt: new Date('2026-11-18T21:30:00Z'), userId: null, costUsd: '0.5', operation: 'natal_chart', importedFrom: '=cmd' });
  await seedGeneration(db, { startedAt: hoursAgo(60), userId: anna, status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout', attempt: 2 });
  await seedInteraction(db, { at: hoursAgo(1), userId: anna, updateId: 5 });
  await seedInteraction(db, { at: hoursAgo(2), userId: anna, outcome: 'failed', errorType: 'internal' });
  const sample = { check: 'database', healthyMs: 60_000, unhealthyMs: 0, disabledMs: 0, sampleCount: 1, latencySumMs: 5, latencyMaxMs: 5 };
  for (const resolution of ['minute', 'hour', 'day'] as const) await db.insert(healthSamples).values({ ...sample, resolution, bucketAt: new Date('2026-11-20T00:00:00Z') });
});
afterAll(() => database.drop());

test('the rows of the ledger are all of the range, the oldest first, and their costs add up to what the overview says', async () => {
  const { rows } = await rowsOf('ledger', 'range=7d');
  expect(rows.map((row) => row['started_at (UTC)'])).toEqual(['2026-11-18T00:00:00.000000Z', '2026-11-18T21:30:00.000000Z', '2026-11-20T11:00:00.000000Z']);
  const { cost } = await getOverview(deps(), { range: '7d' });
  expect(toLedgerUsd(sumUsd(rows.map((row) => row['cost_usd'] || '0')))).toBe(cost.totalUsd);
  expect(rows[0]).toMatchObject({ status: 'void', cost_usd: '', user_id: String(anna), error_type: 'timeout' });
});

test('the day of a row is that of the reporting time zone', async () => {
  const { rows } = await rowsOf('ledger', 'range=7d&operation=natal_chart');
  expect(rows.map((row) => [row['day (Europe/Moscow)'], row['user_id'], row['imported_from']])).toEqual([['2026-11-19', '', "'=cmd"]]);
});

test('the filters of the page narrow the rows, and its place in the list does not', async () => {
  expect((await rowsOf('ledger', `range=7d&user=${anna}&errorType=none&cursor=bm9uZQ`)).rows).toHaveLength(1);
  await expect(download(deps(), 'ledger', 'user=anna')).rejects.toMatchObject({ code: 'bad_input' });
  await expect(download(deps(), 'ledger', 'format=json')).rejects.toMatchObject({ code: 'bad_input' });
});

test('the interactions are all of the range', async () => {
  const { rows } = await rowsOf('interactions', 'range=24h');
  expect(rows.map((row) => [row['outcome'], row['error_type'], row['update_id']])).toEqual([['failed', 'internal', ''], ['ok', '', '5']]);
});

test.each([
  ['24h', 'minute'],
  ['7d', 'hour'],
  ['from=2026-01-01T00:00:00Z&to=2026-11-20T12:00:00Z', 'day'],
])('the samples of the checks are told once, in the finest resolution that is kept for all of the range: %s', async (range, resolution) => {
  const { rows } = await rowsOf('health-samples', range.includes('=') ? range : `range=${range}`);
  expect(rows.map((row) => [row['resolution'], row['healthy_ms']])).toEqual([[resolution, '60000']]);
});

test('no export of rows holds a Telegram id, birth data or what somebody asked', async () => {
  const [user] = await database.handle.db.select().from(users);
  const { fileName, text } = await download(deps(), 'ledger', 'range=30d');
  const all = [text, (await download(deps(), 'interactions', 'range=30d')).text, fileName].join('\n');
  for (const secret of [CANARY, '1990-05-17', String(user?.telegramUserId)]) expect(all).not.toContain(secret);
});

test('an export of rows is told to the audit log with its range, its filters and who made it, before the first byte', async () => {
  const opened = await openExport(deps(), { name: 'ledger', query: new URLSearchParams('range=24h&operation=tarot_card'), language: 'en' }, 42);
  const entries = await database.handle.db.select().from(auditLog).where(sql`${auditLog.adminId} = 42`);
  opened.source.destroy();
  expect(entries).toMatchObject([
    { action: 'export.rows', subject: 'export:ledger', details: { from: '2026-11-19T12:00:00.000Z', to: '2026-11-20T12:00:00.000Z', query: { range: '24h', operation: 'tarot_card' }, rowCount: 1 } },
  ]);
  expect(opened.rowCount).toBe(1);
});

test('a count that takes too long is not known, and takes nothing with it', async () => {
  const { db } = database.handle;
  const slow = async (executor: Parameters<Parameters<typeof countInTime>[1]>[0]) => {
    await executor.execute(sql`select pg_sleep(5)`);
    return 1;
  };
  expect(await countInTime(db, slow, 50)).toBeNull();
  expect(await countInTime(db, () => Promise.resolve(3))).toBe(3);
  await expect(countInTime(db, () => Promise.reject(new Error('of another kind')))).rejects.toThrow('of another kind');
});

test('only so many exports run at once, and one that was left makes room for another', async () => {
  const shared = deps();
  const open = () => openExport(shared, { name: 'ledger', query: new URLSearchParams(), language: 'en' }, 1);
  const opened = await Promise.all(Array.from({ length: 4 }, open));
  await expect(open()).rejects.toMatchObject({ code: 'too_many_requests' });
  await expect(download(shared, 'ledger', 'range=9d')).rejects.toMatchObject({ code: 'too_many_requests' });
  opened[0]?.source.destroy();
  await expect.poll(async () => (await download(shared, 'ledger').catch(() => null))?.rowCount).toBe(3);
  for (const { source } of opened) source.destroy();
});
