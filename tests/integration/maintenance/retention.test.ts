import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { applyRetention, type Deleted } from '#server/services/maintenance/apply-retention.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { getWaste } from '#server/services/reports/get-waste.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { dumpRollups } from '#tests/support/rollups.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const RANGE = { from: '2026-01-10', to: '2026-11-20', bucket: 'month', compare: 'previous' } as const;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  const { db, sql } = database.handle;
  await seedLongAgo(db);
  await sql`select ensure_interactions_partitions('2025-12-01', '2026-12-01')`;
  await seedInteraction(db, { at: new Date('2025-12-15T10:00:00Z'), userId: 1 });
  const users = [await seedUser(db, new Date('2026-01-15T10:00:00Z')), await seedUser(db, new Date('2026-07-15T10:00:00Z'))];
  for (let day = 0; day < 300; day += 7) {
    const at = new Date(NOW.getTime() - day * DAY_MS - 1_234);
    const userId = users[day % 2] ?? 0;
    await seedInteraction(db, { at, userId, durationMs: day, outcome: day % 5 === 0 ? 'failed' : 'ok', errorType: day % 5 === 0 ? 'ai_failed' : null });
    await seedGeneration(db, { startedAt: at, userId, costUsd: `0.00${day}` });
  }
  await seedGeneration(db, { startedAt: new Date('2026-02-01T00:00:00Z'), status: 'unknown', costUsd: null, costSource: 'none' });
  await seedPayment(db, { userId: users[0] ?? 0, paidAt: new Date('2026-03-01T00:00:00Z') });
  const [first] = await sql`select request_id, cost_usd from ai_usage where status = 'settled' order by started_at limit 1`;
  await sql.begin(async (tx) => {
    await tx`insert into ai_cost_corrections (request_id, old_cost_usd, new_cost_usd, old_source, new_source, at) values (${first?.['request_id'] as string}, ${first?.['cost_usd'] as string}, 0.5, 'billed', 'lookup', ${NOW})`;
    await tx`update ai_usage set cost_usd = 0.5, cost_source = 'lookup' where request_id = ${first?.['request_id'] as string}`;
  });
});
afterEach(() => database.drop());

/** Every report but for what shows raw rows themselves: the last examples of failures. */
async function reports(reportingTimeZone = 'UTC') {
  const deps = { db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone };
  const { examples: _, examplesFrom: __, ...errors } = await getErrors(deps, RANGE);
  const jobs = await getJobs(deps, RANGE);
  const [costs, users, economics] = [await getCosts(deps, RANGE), await getUsers(deps, RANGE), await getEconomics(deps, RANGE)];
  return { overview: await getOverview(deps, RANGE), performance: await getPerformance(deps, RANGE), waste: await getWaste(deps, RANGE), errors, jobs, costs, users, economics };
}

test('whole months that are over go, the rest stays, and the totals of every report are what they were', async () => {
  const { db, sql } = database.handle;
  const before = await reports();
  await applyRetention(db, NOW, { interactions: 180, ledger: 100 });
  const [raw] = await sql`select (select min(at) from interactions) as first_interaction, (select min(started_at) from ai_usage where status = 'settled') as first_attempt,
    (select kept_from from raw_horizons where table_name = 'interactions') as kept, (select count(*)::int from ai_cost_corrections) as corrections`;
  // 180 days before the 20th of November is the 24th of May: April is the last month that is over by then.
  expect(raw).toMatchObject({ kept: new Date('2026-05-01T00:00:00Z'), corrections: 0 });
  expect((raw?.['first_interaction'] as Date) >= new Date('2026-05-01T00:00:00Z')).toBe(true);
  expect((raw?.['first_attempt'] as Date) >= new Date('2026-08-12T00:00:00Z')).toBe(true);
  expect(await reports()).toEqual(before);
});

test('in a zone whose days are cut by those of UTC no total changes either', async () => {
  const { db, sql } = database.handle;
  const read = async () => {
    const { economics, ...all } = await reports('Asia/Kolkata');
    // Users' own days are those of UTC: one that is cut by the range, and is not kept, cannot be told in part.
    const { topUsers: _, otherUsers: __, compared, ...rest } = economics;
    return { ...all, rest, comparedTotal: compared?.total };
  };
  const before = await read();
  await applyRetention(db, NOW, { interactions: 60, ledger: 35 });
  expect(await sql`select 1 from ai_usage where started_at < '2026-10-16' and status = 'settled'`).toHaveLength(0);
  expect(await read()).toEqual(before);
});

test('more attempts than one transaction deletes go, batch by batch as is told, with those of one instant, and open ones among them stay', async () => {
  const { db, sql } = database.handle;
  await sql`insert into ai_usage (request_id, operation, plan, model, status, cost_source, started_at, cost_usd)
    select gen_random_uuid(), 'tarot_card', 'free', 'vendor/model', 'settled', 'billed', '2026-03-01T00:00:00Z'::timestamptz + (n / 4000) * interval '1 hour', 0.001 from generate_series(1, 12000) n`;
  await sql`insert into ai_usage (request_id, operation, plan, model, status, cost_source, started_at)
    select gen_random_uuid(), 'tarot_card', 'free', 'vendor/model', 'unknown', 'none', '2026-03-01T00:00:00Z' from generate_series(1, 50)`;
  const parts: Deleted[] = [];
  const deleted = await applyRetention(db, NOW, { interactions: 180, ledger: 35 }, (part) => parts.push(part));
  expect(deleted.attemptCount).toBeGreaterThan(12_000);
  expect(deleted.monthCount).toBeGreaterThan(0);
  const sum = (of: keyof Deleted) => parts.reduce((total, part) => total + part[of], 0);
  expect({ attemptCount: sum('attemptCount'), monthCount: sum('monthCount') }).toEqual(deleted);
  expect(parts.filter(({ attemptCount }) => attemptCount > 0)).toHaveLength(3);
  const [left] = await sql`select count(*)::int as count, bool_and(status = 'unknown') as are_open from ai_usage where started_at < '2026-10-16'`;
  expect(left).toEqual({ count: 51, are_open: true });
});

test('an attempt whose cost is not known is kept, however old', async () => {
  const { db, sql } = database.handle;
  await applyRetention(db, NOW, { interactions: 0, ledger: 35 });
  expect(await sql`select status from ai_usage where started_at < '2026-10-01'`).toMatchObject([{ status: 'unknown' }]);
});

test('what is kept for ever is kept, and doing it again changes nothing', async () => {
  const { db, sql } = database.handle;
  await applyRetention(db, NOW, { interactions: 0, ledger: 0 });
  expect(await sql`select * from raw_horizons`).toHaveLength(0);
  await applyRetention(db, NOW, { interactions: 100, ledger: 100 });
  const after = await dumpRollups(sql);
  await applyRetention(db, NOW, { interactions: 100, ledger: 100 });
  expect(await dumpRollups(sql)).toEqual(after);
});

test('a rebuild leaves days alone whose raw rows are gone', async () => {
  const { db, sql } = database.handle;
  await foldRollups(db);
  const before = await dumpRollups(sql);
  await applyRetention(db, NOW, { interactions: 180, ledger: 100 });
  await rebuildRollups({ db, clock: fixedClock(NOW) });
  expect(await dumpRollups(sql)).toEqual(before);
});

test('a correction cannot be deleted by anything else', async () => {
  await expect(database.handle.sql`delete from ai_cost_corrections`).rejects.toThrow('append-only');
});
