import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { readActiveUsers } from '#server/services/reports/active-users.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { getWaste } from '#server/services/reports/get-waste.ts';
import { listPrices } from '#server/services/reports/list-prices.ts';
import type { ReportDeps } from '#server/services/reports/report-kit.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { explainReads, type TableRead } from '#tests/support/explain.ts';
import { seedLongAgo } from '#tests/support/records.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const ATTEMPTS = 40_000;
const MODEL = 'google/gemini-2.5-flash';
const MODELS = { horoscope: MODEL, tarot_card: MODEL, tarot_three_cards: MODEL, natal_chart: MODEL };
/** Tables with a row for everything that happened. */
const RAW = /^(ai_usage|interactions_\d{4}_\d{2}|payments)$/;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 120_000 });
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-09-01', '2026-12-01')`;
  await sql`insert into users (telegram_user_id, language, created_at, last_active_at)
    select 5000000000 + n, 'en', ${NOW}::timestamptz - n * interval '20 minutes', ${NOW} from generate_series(1, 2000) n`;
  await sql`insert into ai_usage (request_id, user_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, duration_ms, disposition, started_at)
    select gen_random_uuid(), 1 + n % 2000, 'tarot_card', 'free', ${MODEL}, 'settled', 0.001, 'billed', 10, 20, n % 9000, 'delivered', ${NOW}::timestamptz - n * interval '65 seconds'
    from generate_series(1, ${ATTEMPTS}::int) n`;
  await sql`insert into interactions (at, user_id, handler, operation, outcome, error_type, duration_ms, update_age_ms)
    select ${NOW}::timestamptz - n * interval '65 seconds', 1 + n % 2000, 'tarot', 'tarot_card', case when n % 50 = 0 then 'failed' else 'ok' end,
      case when n % 50 = 0 then 'ai_failed' end, n % 9000, n % 9000
    from generate_series(1, ${ATTEMPTS}::int) n`;
  await sql`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at)
    select 'charge ' || n, 1 + n % 500, 'premium', 250, 3.25, ${NOW}::timestamptz - n * interval '4 hours', ${NOW}::timestamptz - n * interval '4 hours' + interval '30 days'
    from generate_series(1, 5000) n`;
  await seedLongAgo(db);
  await foldRollups(db);
  await sql`vacuum (analyze)`;
}, 120_000);
afterAll(() => database.drop());

/** What a report reads, and of it what it reads of raw tables. */
async function readsOf(read: (deps: ReportDeps) => Promise<unknown>): Promise<{ all: TableRead[]; raw: TableRead[] }> {
  const explain = (db: Database) => read({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' });
  const all = await explainReads(database.handle.db, explain);
  return { all, raw: all.filter(({ table }) => RAW.test(table)) };
}

const REPORTS: Readonly<Record<string, (deps: ReportDeps) => Promise<unknown>>> = {
  overview: async (deps) => expect((await getOverview(deps, { range: '30d', compare: 'previous' })).compared).not.toBeNull(),
  'overview of a day': (deps) => getOverview(deps, { range: '24h' }),
  costs: (deps) => getCosts(deps, { range: '30d', by: 'model' }),
  waste: (deps) => getWaste(deps, { range: '30d' }),
  prices: (deps) => listPrices(deps, MODELS, { range: '30d' }),
  'the gauges of active users': readActiveUsers,
};

test.each(Object.entries(REPORTS))('%s never reads a raw table from end to end, and of raw rows only those of cut five minutes', async (_, read) => {
  const { all, raw } = await readsOf(read);
  expect(all.length).toBeGreaterThan(0);
  expect(raw.filter(({ by, rows }) => by.includes('Seq Scan') && rows > 0)).toEqual([]);
  // Two cut ends of less than five minutes each hold at most ten rows of this past; a payment is a payer's month, read by its index.
  for (const { table, rows } of raw) expect(rows).toBeLessThanOrEqual(table === 'payments' ? 1_000 : 20);
});

test.each(Object.entries(REPORTS))('%s adds up a few thousand rows at most, whatever the number of raw ones', async (_, read) => {
  const { all } = await readsOf(read);
  expect(all.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(ATTEMPTS);
});

test('what paying users cost is read from an index alone, not one row of a table after the other', async () => {
  const { all } = await readsOf((deps) => getOverview(deps, { range: '30d' }));
  const reads = all.filter(({ table, rows }) => table.startsWith('payer_costs_') && rows > 0);
  expect(reads.length).toBeGreaterThan(0);
  expect(new Set(reads.map(({ by }) => by))).toEqual(new Set(['Index Only Scan']));
});
