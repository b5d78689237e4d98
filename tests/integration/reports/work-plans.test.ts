import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { RUNS_LOOKED_AT } from '#server/contracts/jobs.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { readScans } from '#tests/support/report-plans.ts';

/*
 * Forty days of a small installation, all of it in the rollups; one interaction of fifty failed.
 */
const NOW = new Date('2026-11-20T12:34:56.789Z');
const ROWS = 20_000;
/** Of rollups, whatever the range: what a page may read. */
const ROLLUP_ROWS_MAX = 12_000;
const RAW_TABLE = /^(ai_usage|interactions|payments)/u;
/** Each of the five kinds of failure has its newest looked up; each of the newest its attempt. */
const EXAMPLE_ROWS_MAX = 5 * 20 + 20;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql, db } = database.handle;
  await sql`select ensure_interactions_partitions('2026-10-01', '2026-11-30')`;
  const at = sql`${NOW}::timestamptz - n * interval '172 seconds'`;
  await sql`
    insert into ai_usage (request_id, user_id, update_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, duration_ms, error_type, started_at)
    select gen_random_uuid(), n % 500, n, (array['horoscope', 'tarot_card', 'natal_chart'])[n % 3 + 1], 'free', (array['a/b', 'c/d'])[n % 2 + 1], 'settled', 0.001, 'billed', 100, 50, n % 9000,
      case when n % 50 = 0 then 'timeout' end, ${at} from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into interactions (at, user_id, update_id, handler, outcome, error_type, duration_ms, update_age_ms)
    select ${at}, n % 500, n, (array['tarot', 'natal', 'other'])[n % 3 + 1], case when n % 50 = 0 then 'failed' else 'ok' end,
      case when n % 50 = 0 then (array['ai_failed', 'internal'])[n / 50 % 2 + 1] end, n % 5000, n % 9000 from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into schedule_runs (schedule, due_at, started_at, finished_at, outcome)
    select (array['reconcile_generations', 'refresh_prices'])[n % 2 + 1], ${at}, ${at}, ${at} + interval '1 second', 'ok' from generate_series(1, ${ROWS}::int) n`;
  await sql`insert into schedule_runs (schedule, due_at, started_at, finished_at, outcome) values ('refresh_prices', '2026-01-01', '2026-01-01', '2026-01-01', 'ok')`;
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}, 120_000);
afterAll(() => database.drop());

const scansOf = (read: (deps: { db: Database; clock: ReturnType<typeof fixedClock>; reportingTimeZone: string }) => Promise<unknown>) =>
  readScans(database.url, (db) => read({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }));
type Scans = Awaited<ReturnType<typeof scansOf>>;
const countRows = (scans: Scans) => scans.reduce((sum, { rows }) => sum + rows, 0);

test.each([
  { range: '24h' as const },
  { range: '30d' as const },
  { range: '30d' as const, handler: 'tarot' as const, errorType: 'internal' as const },
  { from: '2026-10-15T01:02:03.004Z', to: '2026-11-19T05:06:07.008Z' },
])('the errors of %o read raw rows of cut five minutes and of a few examples only, no table as a whole, and few rollups', async (input) => {
  const scans = await scansOf((deps) => getErrors(deps, input));
  const raw = scans.filter(({ table }) => RAW_TABLE.test(table));
  // Two ends, two at most for each statement that reads them, of five minutes of a row every 172 seconds.
  expect(countRows(raw)).toBeLessThanOrEqual(60 + EXAMPLE_ROWS_MAX);
  expect(raw.filter(({ kind, rows }) => kind === 'Seq Scan' && rows > 0)).toEqual([]);
  const rollupRows = countRows(scans.filter(({ table }) => /rollups|user_sets/.test(table)));
  expect(rollupRows).toBeGreaterThan(50);
  expect(rollupRows).toBeLessThanOrEqual(ROLLUP_ROWS_MAX);
}, 60_000);

test.each([{ range: '24h' as const }, { range: '30d' as const, compare: 'previous' as const }])('the jobs of %o read few rollups and few of the last runs, and no raw rows', async (input) => {
  const scans = await scansOf(async (deps) => {
    const { compared, comparedRange } = await getJobs(deps, input);
    expect(compared !== null).toBe(comparedRange !== null);
  });
  expect(countRows(scans.filter(({ table }) => RAW_TABLE.test(table)))).toBe(0);
  expect(countRows(scans.filter(({ table }) => table === 'schedule_runs'))).toBeLessThanOrEqual(SCHEDULE_NAMES.length * RUNS_LOOKED_AT);
  expect(countRows(scans.filter(({ table }) => table.includes('rollups')))).toBeLessThanOrEqual(ROLLUP_ROWS_MAX);
}, 60_000);
