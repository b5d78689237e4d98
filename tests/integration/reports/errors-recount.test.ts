import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ErrorsReport, type ErrorsFigures, type ErrorsInput } from '#server/contracts/errors.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { errorHistory, layDownErrors, readErrorFacts, recountErrors, type ErrorHistory } from '#tests/support/naive-errors.ts';
import { rangeInput } from '#tests/support/range-inputs.ts';
import { expectKnownWhereOnRecord, readRecordsStart, seedLongAgo } from '#tests/support/records.ts';

/** Two days after clocks went back in New York. */
const NOW = new Date('2026-11-03T12:34:56.789Z');
const TIME_LIMIT_MS = 120_000;

type Naive = ReturnType<typeof recountErrors>;

function expectFigures({ total, failures, handlers, series, overTime, attempts }: ErrorsFigures, naive: Naive): void {
  expect(total).toEqual(naive.total);
  expect(new Map(failures.map(({ handler, errorType, ...row }) => [`${handler}/${errorType}`, row]))).toEqual(naive.failures);
  expect(new Map(handlers.map(({ handler, ...row }) => [handler, row]))).toEqual(naive.handlers);
  overTime.forEach(({ startsAt: _, isUnfinished: __, failedCounts, ...counts }, index) => {
    const { byKind, ...expected } = naive.overTime[index] ?? { byKind: new Map() };
    expect(counts).toEqual(expected);
    const named = series.map(({ handler, errorType }) => byKind.get(`${handler}/${errorType}`) ?? 0);
    const rest = [...byKind.values()].reduce((sum, n) => sum + n, 0) - named.reduce((sum, n) => sum + n, 0);
    expect(failedCounts).toEqual(named.map((n, place) => (series[place]?.handler === null ? rest : n)));
  });
  const { failures: attemptFailures, ...attemptTotal } = attempts;
  const { failures: naiveFailures, ...naiveTotal } = naive.attempts;
  expect(attemptTotal).toEqual(naiveTotal);
  expect(new Map(attemptFailures.map((row) => [`${row.operation} ${row.model} ${row.errorType}`, row.failedCount]))).toEqual(naiveFailures);
}

/** Parts add up: kinds, handlers, buckets and series to the total. */
function expectWhole({ total, failures, handlers, overTime, attempts }: ErrorsFigures): void {
  const sum = (numbers: readonly number[]) => numbers.reduce((soFar, n) => soFar + n, 0);
  for (const key of ['interactionCount', 'failedCount', 'limitedCount'] as const) {
    expect(sum(handlers.map((row) => row[key]))).toBe(total[key]);
    expect(sum(overTime.map((row) => row[key]))).toBe(total[key]);
  }
  expect(sum(failures.map((row) => row.failedCount))).toBe(total.failedCount);
  for (const { failedCount, failedCounts } of overTime) expect(sum(failedCounts)).toBe(failedCount);
  expect(sum(attempts.failures.map((row) => row.failedCount))).toBe(attempts.failedCount);
  for (const { userCount } of [...failures, ...handlers]) expect(userCount).toBeLessThanOrEqual(total.userCount);
}

async function checkHistory(history: ErrorHistory, inputs: readonly ErrorsInput[], zone: string, options: { isZoneOfRollups: boolean; isLongOnRecord: boolean; lastBatch: number | null }): Promise<void> {
  const { handle, drop } = await createTestDatabase();
  try {
    await handle.sql`select ensure_interactions_partitions('2026-07-01', '2026-12-31')`;
    if (options.isLongOnRecord) await seedLongAgo(handle.db);
    if (options.isZoneOfRollups) await setRollupTimeZone(handle.db, zone);
    await layDownErrors(handle, history, NOW);
    if (options.lastBatch !== null) await foldRollups(handle.db, options.lastBatch);
    const facts = await readErrorFacts(handle.sql);
    const recordsStart = await readRecordsStart(handle.sql);
    for (const input of inputs) {
      const report = ErrorsReport.parse(await getErrors({ db: handle.db, hasSpare: handle.hasSpare, clock: fixedClock(NOW), reportingTimeZone: zone }, input));
      const naive = recountErrors(facts, input, report.range, report.overTime.map(({ startsAt }) => startsAt));
      expectFigures(report, naive);
      expectWhole(report);
      expect(report.examples).toEqual(naive.examples);
      const { comparedRange, compared } = report;
      expectKnownWhereOnRecord(report, recordsStart);
      if (comparedRange && compared) expectFigures(compared, recountErrors(facts, input, comparedRange, compared.overTime.map(({ startsAt }) => startsAt)));
    }
  } finally {
    await drop();
  }
}

test('every figure of the errors is what counting one by one gives, for any range and filter, folded or not', async () => {
  const filter = fc.constantFrom<ErrorsInput>({}, {}, { handler: 'tarot' }, { handler: 'other' }, { errorType: 'other' }, { errorType: 'ai_failed' }, { handler: 'tarot', errorType: 'internal' });
  const input = fc.tuple(rangeInput(NOW), filter).map(([range, chosen]) => ({ ...range, ...chosen }));
  const options = fc.record({ isZoneOfRollups: fc.boolean(), isLongOnRecord: fc.boolean(), lastBatch: fc.option(fc.integer({ min: 1, max: 50 })) });
  const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia');
  const property = fc.asyncProperty(errorHistory, fc.array(input, { minLength: 3, maxLength: 3 }), zone, options, checkHistory);
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
}, TIME_LIMIT_MS);
