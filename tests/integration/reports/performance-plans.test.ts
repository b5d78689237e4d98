import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PerformanceInput } from '#server/contracts/performance.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { readScans } from '#tests/support/report-plans.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/*
 * Forty days of a small installation, all of it in the rollups.
 */
const NOW = new Date('2026-11-20T12:34:56.789Z');
const ROWS = 20_000;
/** Of rollups, whatever the range: what a page may read. */
const ROLLUP_ROWS_MAX = 12_000;
const RAW_TABLE = /^(ai_usage|interactions|payments)/u;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql, db } = database.handle;
  await sql`select ensure_interactions_partitions('2026-10-01', '2026-11-30')`;
  const at = sql`${NOW}::timestamptz - n * interval '172 seconds'`;
  await sql`
    insert into ai_usage (request_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, duration_ms, started_at)
    select gen_random_uuid(), (array['horoscope', 'tarot_card', 'natal_chart'])[n % 3 + 1], 'free', (array['a/b', 'c/d'])[n % 2 + 1], 'settled', 0.001, 'billed', 100, 50, n % 9000, ${at}
    from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into interactions (at, user_id, handler, outcome, duration_ms, update_age_ms)
    select ${at}, n % 500, (array['tarot', 'natal', 'other'])[n % 3 + 1], 'ok', n % 5000, n % 9000 from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into http_deltas (at, handler, method, status, request_count, bins, counts)
    select rollup_slot(${at}), (array['/monitoring', '/login', 'trpc.overview.get'])[n % 3 + 1], 'GET', '2xx', 2, array[10, 20]::smallint[], array[1, 1]::bigint[] from generate_series(1, ${ROWS}::int) n`;
  await seedLongAgo(db);
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}, 120_000);
afterAll(() => database.drop());

const scansOf = (input: PerformanceInput) =>
  readScans(database.url, async (db) => {
    const { compared, comparedRange } = await getPerformance({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input);
    expect(compared !== null).toBe(comparedRange !== null);
  });

test.each<PerformanceInput>([
  { range: '24h' },
  { range: '30d', compare: 'previous' },
  { range: '30d', family: 'http', handler: '/login' },
  { from: '2026-10-15T01:02:03.004Z', to: '2026-11-19T05:06:07.008Z', model: 'a/b' },
])('%o reads raw rows of cut five minutes only, no table as a whole, and few rollups', async (input) => {
  const scans = await scansOf(input);
  const raw = scans.filter(({ table }) => RAW_TABLE.test(table));
  // Two ends, two at most for each statement that reads them, of five minutes of a row every 172 seconds.
  expect(raw.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(60);
  expect(raw.filter(({ kind, rows }) => kind === 'Seq Scan' && rows > 0)).toEqual([]);
  const rollupRows = scans.filter(({ table }) => table.includes('rollups')).reduce((sum, { rows }) => sum + rows, 0);
  expect(rollupRows).toBeGreaterThan(100);
  expect(rollupRows).toBeLessThanOrEqual(ROLLUP_ROWS_MAX);
}, 60_000);
