import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsersInput } from '#server/contracts/users.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { explainReads } from '#tests/support/explain.ts';
import { seedInteraction } from '#tests/support/seed.ts';

/*
 * Sixty days in which people come every half hour and return now and then; all of it in the rollups.
 */
const NOW = new Date('2026-11-20T12:34:56.789Z');
const USES = 40_000;
const RAW = /^(ai_usage|interactions_\d{4}_\d{2}|payments|users)$/;
/** Two cut ends of five minutes with a use every 129 seconds, for each statement that looks at uses, and three windows. */
const RAW_ROWS_MAX = 30;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 120_000 });
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-09-01', '2026-12-01')`;
  await sql`insert into users (telegram_user_id, language, source, created_at, last_active_at)
    select 5000000000 + n, 'en', 'campaign ' || n % 40, ${NOW}::timestamptz - n * interval '30 minutes', ${NOW} from generate_series(1, 2900) n`;
  await sql`insert into interactions (at, user_id, handler, outcome, duration_ms, update_age_ms)
    select ${NOW}::timestamptz - n * interval '129 seconds', 1 + n * 7919 % 2900, 'tarot', 'ok', 100, 200 from generate_series(1, ${USES}::int) n`;
  await sql`select ensure_interactions_partitions('2026-01-01', '2026-01-31')`;
  await seedInteraction(db, { at: new Date('2026-01-15T00:00:00Z'), userId: 1 });
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}, 120_000);
afterAll(() => database.drop());

const readsOf = (input: UsersInput) =>
  explainReads(database.handle.db, async (db) => {
    const { compared, comparedRange } = await getUsers({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input);
    expect(compared !== null).toBe(comparedRange !== null);
  });

test.each<[UsersInput, number]>([
  [{ range: '24h' }, 600],
  [{ range: '7d' }, 1_100],
  [{ range: '30d', compare: 'previous' }, 2_100],
  [{ from: '2026-10-01T01:02:03.004Z', to: '2026-11-19T05:06:07.008Z' }, 1_100],
  [{ from: '2026-09-25', to: '2026-11-18', bucket: 'day' }, 1_000],
])('the users of %o are read from few sets and sums, and from raw rows of cut five minutes only', async (input, setsMax) => {
  const reads = await readsOf(input);
  const raw = reads.filter(({ table }) => RAW.test(table));
  const rowsOf = (pattern: RegExp) => reads.filter(({ table }) => pattern.test(table)).reduce((sum, { rows }) => sum + rows, 0);
  expect(raw.filter(({ by, rows }) => by.includes('Seq Scan') && rows > 0)).toEqual([]);
  expect(raw.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(RAW_ROWS_MAX * (input.compare ? 2 : 1));
  expect(rowsOf(/^user_sets/)).toBeGreaterThan(50);
  expect(rowsOf(/^user_sets/)).toBeLessThanOrEqual(setsMax);
  // Sign-ups of forty sources on each day, and uses.
  expect(rowsOf(/rollups/)).toBeLessThanOrEqual(3_000);
}, 60_000);
