import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HTTP_STATUS_CLASSES } from '#server/contracts/vocabulary.ts';
import { PerformanceReport, type ComparedPerformance, type Latency, type PerformanceFigures, type PerformanceInput } from '#server/contracts/performance.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { readFacts, recountPerformance } from '#tests/support/naive-performance.ts';
import { layDownPerformance, performanceHistory, performanceInput } from '#tests/support/performance-histories.ts';
import { expectKnownWhereOnRecord, readRecordsStart, seedLongAgo } from '#tests/support/records.ts';

/** Two days after clocks went back in New York. */
const NOW = new Date('2026-11-03T12:34:56.789Z');
const TIME_LIMIT_MS = 120_000;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia'] as const;

function expectNear(ours: number | null, naive: number | null): void {
  if (naive === null || ours === null) expect(ours).toBe(naive);
  else expect(Math.abs(ours - naive)).toBeLessThanOrEqual(naive * 0.05);
}

type MaybeLatency = ComparedPerformance['latencies']['http'];
type MaybeThroughput = ComparedPerformance['throughput'];
type Told = Pick<ComparedPerformance, 'latencies' | 'throughput'> & { readonly overTime: readonly MaybeLatency[]; readonly throughputOverTime: readonly MaybeThroughput[] };
type Naive = Omit<ReturnType<typeof recountPerformance>, keyof Told> & Told;
const UNKNOWN: MaybeLatency = { count: null, p50Ms: null, p95Ms: null, p99Ms: null };

function expectLatency(ours: MaybeLatency, naive: MaybeLatency): void {
  expect(ours.count).toBe(naive.count);
  for (const key of ['p50Ms', 'p95Ms', 'p99Ms'] as const) expectNear(ours[key], naive[key]);
}

function expectThroughput(ours: MaybeThroughput, naive: MaybeThroughput): void {
  for (const key of ['generationCount', 'updateCount', 'requestCount'] as const) expect(ours[key]).toBe(naive[key]);
  for (const key of ['generationsPerMinute', 'updatesPerMinute', 'requestsPerMinute'] as const) {
    if (naive[key] === null) expect(ours[key]).toBeNull();
    else expect(ours[key]).toBeCloseTo(naive[key], 5);
  }
}

function expectList(ours: readonly (Latency & { readonly name: string })[], naive: ReadonlyMap<string, Latency>): void {
  expect(ours.map(({ name }) => name).toSorted()).toEqual([...naive.keys()].toSorted());
  for (const { name, ...latency } of ours) expectLatency(latency, naive.get(name) ?? { count: 0, p50Ms: null, p95Ms: null, p99Ms: null });
}

function expectFigures(figures: ComparedPerformance, naive: Naive): void {
  for (const family of ['generation', 'interaction', 'update_age', 'http'] as const) expectLatency(figures.latencies[family], naive.latencies[family]);
  expectList(figures.generations.map(({ operation, model, ...row }) => ({ ...row, name: `${operation} ${model}` })), naive.generations);
  expectList(figures.handlers.map(({ handler, ...row }) => ({ ...row, name: `${handler}` })), naive.handlers);
  expectList(figures.requests.map(({ handler, ...row }) => ({ ...row, name: `${handler}` })), naive.requests);
  if (naive.latencies.http.count === null) expect(figures.requestsByStatus).toEqual([]);
  else expect(figures.requestsByStatus).toEqual(HTTP_STATUS_CLASSES.map((status) => ({ status, count: naive.statuses.get(status)?.length ?? 0 })));
  figures.overTime.forEach((bucket, index) => expectLatency(bucket, naive.overTime[index] ?? { count: -1, p50Ms: null, p95Ms: null, p99Ms: null }));
  expectThroughput(figures.throughput, naive.throughput);
  figures.throughputOverTime.forEach((bucket, index) => expectThroughput(bucket, naive.throughputOverTime[index] ?? naive.throughput));
}

/** Parts add up: lists and statuses to their family, buckets to the range. */
function expectWhole(figures: PerformanceFigures, chosenCount: number): void {
  const sum = (rows: readonly { readonly count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  expect(sum(figures.generations)).toBe(figures.latencies.generation.count);
  expect(sum(figures.handlers)).toBe(figures.latencies.interaction.count);
  expect(sum(figures.requests)).toBe(figures.latencies.http.count);
  expect(sum(figures.requestsByStatus)).toBe(figures.throughput.requestCount);
  expect(sum(figures.overTime)).toBe(chosenCount);
  for (const key of ['generationCount', 'updateCount', 'requestCount'] as const) {
    expect(figures.throughputOverTime.reduce((total, row) => total + row[key], 0)).toBe(figures.throughput[key]);
  }
}

async function checkHistory(history: Parameters<typeof layDownPerformance>[1], inputs: readonly PerformanceInput[], zone: string, options: { isZoneOfRollups: boolean; isLongOnRecord: boolean; lastBatch: number | null }): Promise<void> {
  const { handle, drop } = await createTestDatabase();
  try {
    await handle.sql`select ensure_interactions_partitions('2026-07-01', '2026-12-31')`;
    if (options.isLongOnRecord) await seedLongAgo(handle.db);
    if (options.isZoneOfRollups) await setRollupTimeZone(handle.db, zone);
    const requests = await layDownPerformance(handle, history, NOW);
    if (options.lastBatch !== null) await foldRollups(handle.db, options.lastBatch);
    const facts = await readFacts(handle.sql, requests);
    const recordsStart = await readRecordsStart(handle.sql);
    for (const input of inputs) {
      const report = PerformanceReport.parse(await getPerformance({ db: handle.db, hasSpare: handle.hasSpare, clock: fixedClock(NOW), reportingTimeZone: zone }, input));
      const naive = recountPerformance(facts, input, report.range, report.overTime.map(({ startsAt }) => startsAt), NOW);
      expectFigures(report, naive);
      expectWhole(report, naive.chosenCount);
      const { comparedRange, compared } = report;
      expectKnownWhereOnRecord(report, recordsStart);
      if (!comparedRange || !compared) continue;
      const earlier = recountPerformance(facts, input, comparedRange, compared.overTime.map(({ startsAt }) => startsAt), NOW);
      const areRequestsKnown = Math.min(...facts.http.map(({ atMs }) => atMs)) <= Date.parse(comparedRange.from);
      const withoutRequests = { requestCount: null, requestsPerMinute: null };
      const hidden = {
        requests: new Map(),
        latencies: { ...earlier.latencies, http: UNKNOWN },
        overTime: earlier.overTime.map((bucket) => (report.chosen.family === 'http' ? UNKNOWN : bucket)),
        throughput: { ...earlier.throughput, ...withoutRequests },
        throughputOverTime: earlier.throughputOverTime.map((bucket) => ({ ...bucket, ...withoutRequests })),
      };
      expectFigures(compared, areRequestsKnown ? earlier : { ...earlier, ...hidden });
    }
  } finally {
    await drop();
  }
}

test('every figure of the performance is what counting one by one gives, for any range, folded or not', async () => {
  const input = fc.tuple(performanceInput(NOW), fc.constantFrom({}, { compare: 'previous' as const })).map(([one, other]) => ({ ...one, ...other }));
  const options = fc.record({ isZoneOfRollups: fc.boolean(), isLongOnRecord: fc.boolean(), lastBatch: fc.option(fc.integer({ min: 1, max: 50 })) });
  const property = fc.asyncProperty(performanceHistory, fc.array(input, { minLength: 3, maxLength: 3 }), fc.constantFrom(...ZONES), options, checkHistory);
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
}, TIME_LIMIT_MS);
