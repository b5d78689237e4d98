import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EconomicsInput } from '#server/contracts/economics.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { explainReads } from '#tests/support/explain.ts';

/*
 * Sixty days of use, of which a few users make the most, and two years of payments; all of it in the rollups.
 */
const NOW = new Date('2026-11-20T12:34:56.789Z');
const ATTEMPTS = 40_000;
const RAW = /^(ai_usage|interactions_\d{4}_\d{2}|payments|users)$/;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 120_000 });
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-09-01', '2026-12-01')`;
  const at = sql`${NOW}::timestamptz - n * interval '129 seconds'`;
  await sql`insert into users (telegram_user_id, language, source, created_at, last_active_at)
    select 5000000000 + n, 'en', 'campaign ' || n % 7, ${NOW}::timestamptz - n * interval '30 minutes', ${NOW} from generate_series(1, 3000) n`;
  await sql`insert into ai_usage (request_id, user_id, operation, plan, model, status, cost_usd, cost_source, disposition, started_at)
    select gen_random_uuid(), 1 + ((n::bigint * 7919 % 3000) ^ 4 / 3000 ^ 3)::bigint % 3000, (array['horoscope', 'tarot_card'])[n % 2 + 1], 'free', 'a/b', 'settled', 0.001 * (1 + n % 3), 'billed',
      'delivered', ${at} from generate_series(1, ${ATTEMPTS}::int) n`;
  await sql`insert into interactions (at, user_id, handler, outcome, duration_ms, update_age_ms)
    select ${at}, 1 + n % 3000, 'tarot', 'ok', 100, 200 from generate_series(1, ${ATTEMPTS}::int) n`;
  await sql`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at)
    select 'charge ' || n, 1 + n % 900, 'premium', 250, 3.25, ${NOW}::timestamptz - n * interval '4 hours', ${NOW}::timestamptz - n * interval '4 hours' + interval '30 days'
    from generate_series(1, 4500) n`;
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}, 120_000);
afterAll(() => database.drop());

const readsOf = (input: EconomicsInput) => explainReads(database.handle.db, (db) => getEconomics({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input));

test.each<[EconomicsInput, number]>([
  [{ range: '24h' }, 800],
  [{ range: '7d', compare: 'previous' }, 800],
  [{ range: '30d', top: 50 }, 800],
  [{ from: '2026-10-15T01:02:03.004Z', to: '2026-11-19T05:06:07.008Z' }, 800],
  [{ from: '2026-10-15', to: '2026-11-18' }, 0],
])('%o reads no raw table from end to end, and of the ledger only cut five minutes and the cut days of who may be dearest', async (input, ledgerRowsMax) => {
  const reads = await readsOf(input);
  const raw = reads.filter(({ table }) => RAW.test(table));
  expect(raw.filter(({ by, rows }) => by.includes('Seq Scan') && rows > 0)).toEqual([]);
  const rowsOf = (pattern: RegExp) => reads.filter(({ table }) => pattern.test(table)).reduce((sum, { rows }) => sum + rows, 0);
  expect(rowsOf(/^ai_usage$/)).toBeLessThanOrEqual(ledgerRowsMax);
  expect(rowsOf(/^interactions_\d/)).toBeLessThanOrEqual(30);
  // Of the payments of the range, and one before it of each payer.
  expect(rowsOf(/^payments$/)).toBeLessThanOrEqual(1_500);
  expect(rowsOf(/./)).toBeLessThan(ATTEMPTS);
}, 60_000);

test('the dearest users of many days are found by the heads of the days and the totals of few', async () => {
  const reads = (await readsOf({ range: '30d' })).filter(({ table }) => table === 'user_days');
  const [counted] = await database.handle.sql`select count(*)::int as n from user_days where starts_at >= ${new Date(NOW.getTime() - 31 * 86_400_000)}`;
  const rowsBy = (isList: boolean) => reads.filter(({ by }) => (by === 'Index Only Scan') === isList).reduce((sum, { rows }) => sum + rows, 0);
  expect(rowsBy(true)).toBeGreaterThan(1_000);
  expect(rowsBy(true)).toBeLessThanOrEqual(10_100);
  expect(rowsBy(false)).toBeLessThan(Number(counted?.['n']) / 4);
}, 60_000);
