import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JobsReport, type JobsFigures, type JobsInput, type Runs } from '#server/contracts/jobs.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { jobHistory, layDownJobs, readRuns, recountJobs, type JobHistory } from '#tests/support/naive-jobs.ts';
import { rangeInput } from '#tests/support/range-inputs.ts';
import { expectKnownWhereOnRecord, slotStart } from '#tests/support/records.ts';

/** Two days after clocks went back in New York. */
const NOW = new Date('2026-11-03T12:34:56.789Z');
const LONG_AGO = { schedule: 'refresh_prices', dueAt: new Date('2024-01-01T00:00:00Z') } as const;
const TIME_LIMIT_MS = 120_000;

function expectRuns({ p50Ms, p95Ms, ...counts }: Runs, { p50Ms: naive50, p95Ms: naive95, ...naiveCounts }: Runs): void {
  expect(counts).toEqual(naiveCounts);
  for (const [ours, naive] of [[p50Ms, naive50], [p95Ms, naive95]] as const) {
    if (naive === null || ours === null) expect(ours).toBe(naive);
    // Durations are kept in whole milliseconds.
    else expect(Math.abs(ours - naive)).toBeLessThanOrEqual(naive * 0.05 + 1);
  }
}

function expectFigures({ total, runs, overTime }: JobsFigures, naive: ReturnType<typeof recountJobs>): void {
  expectRuns(total, naive.total);
  expect(runs.map(({ name }) => name).toSorted()).toEqual([...naive.runs.keys()].toSorted());
  for (const { kind: _, name, ...row } of runs) expectRuns(row, naive.runs.get(name) ?? total);
  expect(overTime.map(({ startsAt: _, isUnfinished: __, ...counts }) => counts)).toEqual(naive.overTime);
}

/** Parts add up: names and buckets to the total, outcomes to their runs. */
function expectWhole({ total, runs, overTime }: JobsFigures): void {
  for (const key of ['runCount', 'okCount', 'failedCount', 'retriedCount', 'openCount'] as const) {
    expect(runs.reduce((sum, row) => sum + row[key], 0)).toBe(total[key]);
    expect(overTime.reduce((sum, row) => sum + row[key], 0)).toBe(total[key]);
  }
  for (const row of [total, ...runs, ...overTime]) expect(row.okCount + row.failedCount + row.retriedCount + row.openCount).toBe(row.runCount);
}

async function checkHistory(history: JobHistory, inputs: readonly JobsInput[], zone: string, options: { isZoneOfRollups: boolean; isLongOnRecord: boolean; lastBatch: number | null }): Promise<void> {
  const { handle, drop } = await createTestDatabase();
  try {
    if (options.isZoneOfRollups) await setRollupTimeZone(handle.db, zone);
    if (options.isLongOnRecord) await claimRun(handle.db, LONG_AGO, LONG_AGO.dueAt);
    const jobs = await layDownJobs(handle, history, NOW);
    if (options.lastBatch !== null) await foldRollups(handle.db, options.lastBatch);
    const runs = await readRuns(handle.sql, jobs);
    const oldest = runs.length === 0 ? null : slotStart(Math.min(...runs.map(({ atMs }) => atMs)));
    for (const input of inputs) {
      const report = JobsReport.parse(await getJobs({ db: handle.db, hasSpare: handle.hasSpare, clock: fixedClock(NOW), reportingTimeZone: zone }, input));
      expectFigures(report, recountJobs(runs, input, report.range, report.overTime.map(({ startsAt }) => startsAt)));
      expectWhole(report);
      const { comparedRange, compared } = report;
      expectKnownWhereOnRecord(report, oldest);
      if (comparedRange && compared) expectFigures(compared, recountJobs(runs, input, comparedRange, compared.overTime.map(({ startsAt }) => startsAt)));
    }
  } finally {
    await drop();
  }
}

test('every figure of the jobs is what counting one by one gives, for any range and name, folded or not', async () => {
  const filter = fc.constantFrom<JobsInput>({}, {}, { name: 'refresh_prices' }, { name: 'deliver_alerts' }, { name: 'make_partitions' });
  const input = fc.tuple(rangeInput(NOW), filter).map(([range, chosen]) => ({ ...range, ...chosen }));
  const options = fc.record({ isZoneOfRollups: fc.boolean(), isLongOnRecord: fc.boolean(), lastBatch: fc.option(fc.integer({ min: 1, max: 50 })) });
  const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia');
  const property = fc.asyncProperty(jobHistory, fc.array(input, { minLength: 3, maxLength: 3 }), zone, options, checkHistory);
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
}, TIME_LIMIT_MS);
