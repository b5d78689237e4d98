import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Users, type UsersInput } from '#server/contracts/users.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { layDownUsers, readUserFacts, recountUsers, userHistory, type UserHistory } from '#tests/support/naive-users.ts';
import { rangeInput } from '#tests/support/range-inputs.ts';
import { expectKnownWhereOnRecord, hideBeforeRecords, readRecordsStart, seedLongAgo } from '#tests/support/records.ts';

/** Two days after clocks went back in New York. */
const NOW = new Date('2026-11-03T12:34:56.789Z');
const TIME_LIMIT_MS = 120_000;

/** Parts add up: sources, buckets and cohorts to the new users they are of. */
function expectWhole({ total, overTime, bySource, cohorts, retention }: Users): void {
  const sum = (numbers: readonly number[]) => numbers.reduce((soFar, n) => soFar + n, 0);
  expect(sum(overTime.map(({ newCount }) => newCount))).toBe(total.newCount);
  expect(sum(bySource.map(({ signupCount }) => signupCount))).toBe(total.newCount);
  expect(sum(cohorts.map(({ newCount }) => newCount))).toBeLessThanOrEqual(total.newCount);
  for (const { days, newCount } of retention) expect(sum(cohorts.flatMap((cohort) => cohort.retention.filter((each) => each.days === days).map((each) => each.newCount)))).toBe(newCount);
}

const withStickiness = (windows: { dau: number | null; wau: number | null; mau: number | null }) => {
  const ofMau = (count: number | null) => (count === null || !windows.mau ? null : count / windows.mau);
  return { ...windows, dauOfMau: ofMau(windows.dau), wauOfMau: ofMau(windows.wau) };
};

async function checkHistory(history: UserHistory, inputs: readonly UsersInput[], zone: string, options: { isZoneOfRollups: boolean; isLongOnRecord: boolean; lastBatch: number | null }): Promise<void> {
  const { handle, drop } = await createTestDatabase();
  try {
    await handle.sql`select ensure_interactions_partitions('2026-06-01', '2027-01-31')`;
    if (options.isLongOnRecord) await seedLongAgo(handle.db);
    if (options.isZoneOfRollups) await setRollupTimeZone(handle.db, zone);
    await layDownUsers(handle, history, NOW);
    if (options.lastBatch !== null) await foldRollups(handle.db, options.lastBatch);
    const facts = await readUserFacts(handle.sql);
    const recordsStart = await readRecordsStart(handle.sql);
    for (const input of inputs) {
      const report = Users.parse(await getUsers({ db: handle.db, hasSpare: handle.hasSpare, clock: fixedClock(NOW), reportingTimeZone: zone }, input));
      const { range, comparedRange, compared, generatedAt, coverage: _, ...figures } = report;
      expectKnownWhereOnRecord(report, recordsStart);
      const parts = [{ range, figures, windowsEnd: NOW }, ...(comparedRange && compared ? [{ range: comparedRange, figures: compared, windowsEnd: new Date(comparedRange.to) }] : [])];
      for (const { range: own, figures: { overTime, ...rest }, windowsEnd } of parts) {
        const naive = recountUsers(facts, { range: own, starts: overTime.map(({ startsAt }) => startsAt), now: NOW, windowsEnd });
        const shown = own === comparedRange ? { ...naive, windows: withStickiness(hideBeforeRecords(naive.windows, windowsEnd, recordsStart)) } : naive;
        expect({ ...rest, overTime: overTime.map(({ startsAt: __, isUnfinished: ___, ...counts }) => counts) }).toEqual(shown);
      }
      expectWhole(report);
      expect(generatedAt).toBe(NOW.toISOString());
    }
  } finally {
    await drop();
  }
}

test('every figure of the users is what counting one by one gives, for any range, folded or not', async () => {
  const options = fc.record({ isZoneOfRollups: fc.boolean(), isLongOnRecord: fc.boolean(), lastBatch: fc.option(fc.integer({ min: 1, max: 50 })) });
  const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia');
  const days = fc.constantFrom<UsersInput>({ from: '2026-09-28', to: '2026-11-03' }, { from: '2026-09-30', to: '2026-11-20', bucket: 'day' }, { from: '2026-10-31', to: '2026-11-02' });
  const input = fc.oneof({ arbitrary: rangeInput(NOW), weight: 3 }, { arbitrary: days, weight: 1 });
  const property = fc.asyncProperty(userHistory, fc.array(input, { minLength: 4, maxLength: 4 }), zone, options, checkHistory);
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
}, TIME_LIMIT_MS);
