import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { PerformanceReport, type PerformanceInput } from '#server/contracts/performance.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getPerformance, LATENCIES_MAX } from '#server/services/reports/get-performance.ts';
import { createRequestRecorder } from '#server/services/requests/request-recorder.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:02:30Z');
const MINUTE_MS = 60_000;
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);
const NONE = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null };

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const read = async (input: PerformanceInput = {}) => PerformanceReport.parse(await getPerformance({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input));

async function recordRequest(at: Date, handler = '/monitoring'): Promise<void> {
  const recorder = createRequestRecorder({ db, clock: fixedClock(at) });
  recorder.record({ handler, method: 'GET', status: '2xx', durationMs: 20 });
  await recorder.flush();
}

test('without any data counts are 0, durations and rates are not known, and every bucket is there', async () => {
  const report = await read({ range: '24h' });
  expect(report.latencies).toEqual({ generation: NONE, interaction: NONE, update_age: NONE, http: NONE });
  expect([report.generations, report.handlers, report.requests, report.requestsFrom, report.coverage.dataFrom]).toEqual([[], [], [], null, null]);
  expect(report.throughput).toEqual({ generationCount: 0, generationsPerMinute: null, updateCount: 0, updatesPerMinute: null, requestCount: 0, requestsPerMinute: null });
  expect(report.overTime).toHaveLength(25);
  expect(report.throughputOverTime).toHaveLength(25);
  expect(report.overTime[3]).toEqual({ startsAt: '2026-11-19T15:00:00.000Z', ...NONE, isUnfinished: false });
});

test('one of each is all percentiles of its family, the moment it is written', async () => {
  await seedGeneration(db, { startedAt: minutesAgo(1), durationMs: 1_000 });
  await seedInteraction(db, { at: minutesAgo(1), userId: 1, durationMs: 500, updateAgeMs: 900 });
  await recordRequest(minutesAgo(1));
  const { latencies, overTime, requestsFrom } = await read({ range: '24h' });
  for (const [family, ms] of [['generation', 1_000], ['interaction', 500], ['update_age', 900], ['http', 20]] as const) {
    const { count, p50Ms, p95Ms, p99Ms } = latencies[family];
    expect([count, p50Ms, p99Ms]).toEqual([1, p95Ms, p95Ms]);
    expect(Math.abs((p95Ms ?? 0) / ms - 1)).toBeLessThan(0.03);
  }
  expect(overTime.at(-1)).toMatchObject({ count: 1, isUnfinished: true });
  expect(requestsFrom).toBe('2026-11-20T12:00:00.000Z');
});

test('an attempt without a duration yet is throughput, and is in no percentile until it is settled', async () => {
  const requestId = await seedGeneration(db, { startedAt: minutesAgo(9), durationMs: null });
  const before = await read({ range: '24h' });
  expect([before.throughput.generationCount, before.latencies.generation.count]).toEqual([1, 0]);
  await foldRollups(db);
  await database.handle.sql`update ai_usage set duration_ms = 700 where request_id = ${requestId}`;
  const after = await read({ range: '24h' });
  expect([after.throughput.generationCount, after.latencies.generation.count]).toEqual([1, 1]);
});

test('a range in the future has counts of 0, no rate and no percentile', async () => {
  const { latencies, throughput, overTime } = await read({ from: '2026-12-01T00:00:00Z', to: '2026-12-01T02:00:00Z' });
  expect(latencies.http).toEqual(NONE);
  expect(throughput).toEqual({ generationCount: 0, generationsPerMinute: null, updateCount: 0, updatesPerMinute: null, requestCount: 0, requestsPerMinute: null });
  expect(overTime.every(({ isUnfinished }) => isUnfinished)).toBe(true);
});

test('a list names the most used and adds the others up, so that it is as long as its limit and one', async () => {
  const recorder = createRequestRecorder({ db, clock: fixedClock(minutesAgo(5)) });
  for (let index = 0; index < LATENCIES_MAX + 5; index += 1) {
    for (let times = 0; times <= index; times += 1) recorder.record({ handler: `/page-${index}`, method: 'GET', status: '2xx', durationMs: index + 1 });
  }
  await recorder.flush();
  const { requests, latencies } = await read({ range: '24h' });
  expect(requests).toHaveLength(LATENCIES_MAX + 1);
  expect([requests[0]?.handler, requests.at(-1)?.handler, requests.at(-1)?.count]).toEqual([`/page-${LATENCIES_MAX + 4}`, null, 15]);
  expect(requests.reduce((sum, { count }) => sum + count, 0)).toBe(latencies.http.count);
});

test('what is asked for of a family shapes the development over time, and leaves the lists as they are', async () => {
  await seedGeneration(db, { startedAt: minutesAgo(5), operation: 'horoscope', model: 'a/b', durationMs: 10 });
  await seedGeneration(db, { startedAt: minutesAgo(5), operation: 'tarot_card', model: 'a/b', durationMs: 20 });
  await seedGeneration(db, { startedAt: minutesAgo(5), operation: 'tarot_card', model: 'c/d', durationMs: 30 });
  const counted = async (input: PerformanceInput) => {
    const { overTime, generations, chosen } = await read({ range: '24h', ...input });
    expect(generations).toHaveLength(3);
    expect(chosen.family).toBe('generation');
    return overTime.reduce((sum, { count }) => sum + count, 0);
  };
  expect([await counted({}), await counted({ operation: 'tarot_card' }), await counted({ model: 'a/b' }), await counted({ operation: 'tarot_card', model: 'c/d' }), await counted({ operation: 'none' })]).toEqual([3, 2, 2, 1, 0]);
});

test('the requests of cut five minutes count as a whole', async () => {
  for (const minutes of [0, 2, 4, 10]) await recordRequest(minutesAgo(minutes));
  expect((await read({ from: '2026-11-20T12:01:00Z', to: '2026-11-20T12:02:00Z' })).throughput.requestCount).toBe(2);
  expect((await read({ from: '2026-11-20T11:59:00Z', to: '2026-11-20T12:00:00Z' })).throughput.requestCount).toBe(1);
});

test('a range that is too long is refused in the words of every report', async () => {
  await expect(read({ from: '2025-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z', bucket: 'hour' })).rejects.toThrow(/must be at most 400 days|must be one of/);
});
