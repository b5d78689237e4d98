import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Overview, type OverviewFigures } from '#server/contracts/overview.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const ZONE = 'America/New_York';
/** Ends with a day on which clocks go back. */
const RANGE = { from: new Date('2026-10-12T04:00:00Z'), to: new Date('2026-11-03T05:00:00Z') };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 120_000 });
  const { db, sql } = database.handle;
  await sql`select ensure_interactions_partitions('2026-09-01', '2026-12-01')`;
  await sql`insert into users (telegram_user_id, language, created_at, last_active_at) select 6000000000 + n, 'ru', ${NOW}, ${NOW} from generate_series(1, 90) n`;
  await sql`insert into ai_usage (request_id, user_id, operation, plan, model, status, cost_usd, cost_source, prompt_tokens, completion_tokens, cached_prompt_tokens, duration_ms,
      error_type, disposition, started_at)
    select gen_random_uuid(), nullif(n % 91, 0), (array['horoscope', 'tarot_card', 'natal_chart'])[1 + n % 3], 'free', 'a/b', s.status,
      case s.status when 'settled' then n * 0.000000731 end, case s.status when 'settled' then (array['billed', 'lookup', 'estimated'])[1 + n % 3] else 'none' end,
      n, n * 2, n / 3, n % 7001, case s.status when 'void' then 'timeout' end, case s.status when 'settled' then 'delivered' end, ${NOW}::timestamptz - n * interval '613.7 seconds'
    from generate_series(1, 6000) n cross join lateral (select (array['settled', 'settled', 'settled', 'void', 'reserved', 'unknown'])[1 + n % 6] as status) s`;
  await sql`insert into interactions (at, user_id, handler, outcome, error_type, duration_ms, update_age_ms)
    select ${NOW}::timestamptz - n * interval '411.3 seconds', 1 + n % 90, case when n % 17 = 0 then 'chat_member' else 'tarot' end, case when n % 40 = 0 then 'failed' else 'ok' end,
      case when n % 40 = 0 then 'ai_failed' end, n % 5003, n % 9001 from generate_series(1, 9000) n`;
  await sql`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at, refunded_at)
    select 'charge ' || n, 1 + n % 90, 'premium', 250, 3.25, ${NOW}::timestamptz - n * interval '31 hours', ${NOW}::timestamptz - n * interval '31 hours' + interval '30 days',
      case when n % 5 = 0 then ${NOW}::timestamptz end from generate_series(1, 60) n`;
  await setRollupTimeZone(db, ZONE);
  await foldRollups(db);
}, 120_000);
afterAll(() => database.drop());

/** The figures that the scan finds, by a process that knows the tables alone. */
async function scan() {
  const url = new URL(database.url);
  const socketDir = url.searchParams.get('host');
  url.searchParams.delete('host');
  const host = socketDir === null ? [] : ['--host', `${socketDir}/.s.PGSQL.${url.port || '5432'}`];
  const options = ['--database', url.href, ...host, '--from', RANGE.from.toISOString(), '--to', RANGE.to.toISOString(), '--zone', ZONE, '--now', NOW.toISOString()];
  const { stdout } = await promisify(execFile)(process.execPath, [resolve('tests/scan/overview.ts'), ...options], { maxBuffer: 10_000_000 });
  return JSON.parse(stdout) as Omit<OverviewFigures, 'costOverTime'> & { readonly costByDay: readonly { day: string; costUsd: string; generationCount: number }[] };
}

test('a scan of the raw rows by a program of its own finds every figure of the overview', async () => {
  const overview = Overview.parse(
    await getOverview({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: ZONE }, { from: RANGE.from.toISOString(), to: RANGE.to.toISOString(), bucket: 'day' }),
  );
  const found = await scan();
  const { activeUsers, cost, generations, tokens } = overview;
  expect({ activeUsers, cost, generations, tokens }).toEqual({ activeUsers: found.activeUsers, cost: found.cost, generations: found.generations, tokens: found.tokens });
  const used = overview.costByOperation.filter(({ generationCount }) => generationCount > 0);
  expect(used.toSorted((a, b) => a.operation.localeCompare(b.operation))).toEqual(found.costByOperation);
  expect(overview.costOverTime.map(({ costUsd, generationCount }) => ({ costUsd, generationCount }))).toEqual(found.costByDay.map(({ costUsd, generationCount }) => ({ costUsd, generationCount })));
  expect({ ...overview.interactions, p95Ms: null }).toEqual({ ...found.interactions, p95Ms: null });
  for (const [ours, exact] of [[overview.interactions.p95Ms, found.interactions.p95Ms], [overview.generationP95Ms, found.generationP95Ms]] as const) {
    expect(Math.abs((ours ?? Infinity) - (exact ?? 0))).toBeLessThanOrEqual((exact ?? 0) * 0.05);
  }
});
