import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatabaseHandle } from '#db/client.ts';
import { Economics, type EconomicsInput } from '#server/contracts/economics.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { economicsHistory, layDownEconomics, type EconomicsHistory } from '#tests/support/economics-histories.ts';
import { picoOf, readRawEconomics, recountEconomics } from '#tests/support/naive-economics.ts';

/** Clocks went back in New York within the last thirty days. */
const NOW = new Date('2026-11-20T12:34:56.789Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 180_000;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia'];

const instantRange = fc.record({ fromAgo: fc.integer({ min: 1, max: 35 * DAY_MS }), length: fc.integer({ min: 1, max: 36 * DAY_MS }) }).map(({ fromAgo, length }): EconomicsInput => {
  const from = NOW.getTime() - fromAgo;
  return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
});
const rangeArbitrary = fc.oneof(
  fc.constantFrom<EconomicsInput>({ range: '24h' }, { range: '7d' }, { range: '30d' }, { from: '2026-10-25', to: '2026-11-19' }, { from: '2026-10-12', to: '2026-11-30', bucket: 'week' }),
  instantRange,
);
const caseArbitrary = fc.record({ history: economicsHistory, input: rangeArbitrary, top: fc.integer({ min: 1, max: 4 }), zone: fc.constantFrom(...ZONES), hasZone: fc.boolean() });
type Case = typeof caseArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Runs a check on a database of its own that holds the history. */
async function onHistory(history: EconomicsHistory, zone: string | null, check: (handle: DatabaseHandle) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
    if (zone !== null) await setRollupTimeZone(database.handle.db, zone);
    await layDownEconomics(database.handle.db, history, NOW);
    await check(database.handle);
  } finally {
    await database.drop();
  }
}

const depsOf = ({ db, hasSpare }: DatabaseHandle, reportingTimeZone: string) => ({ db, hasSpare, clock: fixedClock(NOW), reportingTimeZone });
const add = (amounts: readonly string[]) => amounts.reduce((sum, amount) => sum + picoOf(amount), 0n);
const bySource = (a: { source: string | null }, b: { source: string | null }) => (String(a.source) < String(b.source) ? -1 : 1);

/** Revenue less cost is the margin, and every list adds up to what is said of the whole. */
function requireIdentities({ total, overTime, byPlan, byOperation, bySource: sources, topUsers, otherUsers, nobody }: Economics): void {
  for (const account of [total, ...overTime, ...byPlan, ...sources]) {
    expect(picoOf(account.paymentUsd) - picoOf(account.refundUsd)).toBe(picoOf(account.revenueUsd));
    expect(picoOf(account.revenueUsd) - picoOf(account.costUsd)).toBe(picoOf(account.marginUsd));
    expect(account.paymentStars - account.refundStars).toBe(account.revenueStars);
  }
  for (const parts of [overTime, byPlan, sources]) {
    for (const key of ['revenueUsd', 'paymentUsd', 'refundUsd', 'costUsd', 'marginUsd'] as const) expect(add(parts.map((part) => part[key]))).toBe(picoOf(total[key]));
    for (const key of ['revenueStars', 'paymentCount', 'refundCount'] as const) expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(total[key]);
  }
  for (const parts of [byPlan, byOperation, sources, [...topUsers, otherUsers, nobody]]) {
    expect(add(parts.map(({ costUsd }) => costUsd))).toBe(picoOf(total.costUsd));
    expect(parts.reduce((sum, { attemptCount }) => sum + attemptCount, 0)).toBe(total.attemptCount);
  }
  expect(add([total.billedUsd, total.lookupUsd, total.estimatedUsd])).toBe(picoOf(total.costUsd));
}

async function requireRecount({ input, top, zone }: Case, handle: DatabaseHandle): Promise<void> {
  const report = Economics.parse(await getEconomics(depsOf(handle, zone), { ...input, top }));
  const naive = recountEconomics(await readRawEconomics(handle.sql), report, NOW, top);
  const { marginRatio, ...total } = report.total;
  const { conversionRatio, ...users } = report.users;
  expect({ total, users, byPlan: report.byPlan, byOperation: report.byOperation, topUsers: report.topUsers, otherUsers: report.otherUsers, nobody: report.nobody }).toEqual({
    total: naive.total, users: naive.users, byPlan: naive.byPlan, byOperation: naive.byOperation, topUsers: naive.topUsers, otherUsers: naive.otherUsers, nobody: naive.nobody,
  });
  expect(report.overTime.map(({ isUnfinished, ...bucket }) => ({ ...bucket, known: typeof isUnfinished }))).toEqual(naive.overTime.map((bucket) => ({ ...bucket, known: 'boolean' })));
  expect(report.bySource.toSorted(bySource)).toEqual(naive.bySource.toSorted(bySource));
  if (picoOf(naive.total.revenueUsd) <= 0n) expect(marginRatio).toBeNull();
  else expect(marginRatio).toBeCloseTo(Number(picoOf(naive.total.marginUsd)) / Number(picoOf(naive.total.revenueUsd)), 9);
  if (users.newCount === 0) expect(conversionRatio).toBeNull();
  else expect(conversionRatio).toBe(users.convertedCount / users.newCount);
  requireIdentities(report);
}

test('every figure is what counting row by row gives, and the parts are the total, in any zone and however much is folded', async () => {
  const property = fc.asyncProperty(caseArbitrary, (one) => onHistory(one.history, one.hasZone ? one.zone : null, (handle) => requireRecount(one, handle)));
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
}, TIME_LIMIT_MS);

test('single days, asked for one by one, are the buckets of the range', async () => {
  const property = fc.asyncProperty(economicsHistory, fc.constantFrom(...ZONES), (history, zone) =>
    onHistory(history, zone, async (handle) => {
      const week = await getEconomics(depsOf(handle, zone), { range: '7d' });
      const starts = week.overTime.map(({ startsAt }) => startsAt);
      const days = await Promise.all(starts.map((from, index) => getEconomics(depsOf(handle, zone), { from, to: starts[index + 1] ?? week.range.to })));
      for (const key of ['revenueUsd', 'costUsd', 'marginUsd', 'paymentCount', 'refundCount'] as const) {
        expect(days.map(({ total }) => total[key])).toEqual(week.overTime.map((bucket) => bucket[key]));
      }
      expect(days.reduce((sum, { users }) => sum + users.newCount, 0)).toBe(week.users.newCount);
      expect(days.reduce((sum, { users }) => sum + users.newPayingCount, 0)).toBe(week.users.newPayingCount);
    }),
  );
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
}, TIME_LIMIT_MS);

test('cost per active and per paying user are those of the overview', async () => {
  const property = fc.asyncProperty(economicsHistory, rangeArbitrary, (history, input) =>
    onHistory(history, null, async (handle) => {
      const [{ total, users }, { cost }] = await Promise.all([getEconomics(depsOf(handle, 'UTC'), input), getOverview(depsOf(handle, 'UTC'), input)]);
      expect([users.costPerActiveUsd, users.costPerPayingUsd, total.costUsd]).toEqual([cost.perActiveUserUsd, cost.perPayingUserUsd, cost.totalUsd]);
      expect([users.activeCount, users.activePayingCount]).toEqual([cost.activeUserCount, cost.payingUserCount]);
    }),
  );
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
}, TIME_LIMIT_MS);
