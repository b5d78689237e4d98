import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import type { PerformanceInput } from '#server/contracts/performance.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { createRequestRecorder } from '#server/services/requests/request-recorder.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/*
 * What a predecessor of this product got wrong about speed and load: one test for each mistake, so that none comes back.
 */
const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const read = (input: PerformanceInput = { range: '24h' }, reportingTimeZone = 'Europe/Moscow') => getPerformance({ db, clock: fixedClock(NOW), reportingTimeZone }, input);

test('a response time that nobody measured is not known, not a constant zero', async () => {
  expect((await read()).latencies.interaction).toEqual({ count: 0, p50Ms: null, p95Ms: null, p99Ms: null });
  await seedInteraction(db, { at: hoursAgo(1), userId: 1, durationMs: 4_000 });
  expect((await read()).latencies.interaction.p50Ms).toBeCloseTo(4_000, -3);
});

test('a rate over no time is undefined, never divided by one instead of nothing', async () => {
  await seedInteraction(db, { at: hoursAgo(1), userId: 1 });
  const { throughput } = await read({ from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' });
  expect([throughput.generationsPerMinute, throughput.updatesPerMinute, throughput.requestsPerMinute]).toEqual([null, null, null]);
});

test('failures take time too: their durations are in the percentiles', async () => {
  await seedInteraction(db, { at: hoursAgo(1), userId: 1, durationMs: 30_000, outcome: 'failed', errorType: 'ai_failed' });
  await seedGeneration(db, { startedAt: hoursAgo(1), durationMs: 30_000, status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout' });
  const { latencies } = await read();
  expect([latencies.interaction.count, latencies.generation.count]).toEqual([1, 1]);
  expect(latencies.generation.p50Ms).toBeGreaterThan(29_000);
});

test('a fallback is timed on its own, without the attempt that failed before it', async () => {
  await seedGeneration(db, { startedAt: hoursAgo(1), model: 'a/first', durationMs: 60_000, status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout' });
  await seedGeneration(db, { startedAt: hoursAgo(1), model: 'b/fallback', durationMs: 2_000 });
  const { generations } = await read();
  const fallback = generations.find(({ model }) => model === 'b/fallback');
  expect(fallback?.count).toBe(1);
  expect(fallback?.p99Ms).toBeLessThan(2_100);
});

test('models of one name by different vendors are two', async () => {
  for (const model of ['a/same-name', 'b/same-name']) await seedGeneration(db, { startedAt: hoursAgo(1), model });
  expect((await read()).generations.map(({ model }) => model)).toEqual(['a/same-name', 'b/same-name']);
});

test('a day is drawn in hours of the reporting time zone, and hours without anything are drawn', async () => {
  await seedInteraction(db, { at: hoursAgo(3), userId: 1 });
  const { overTime, throughputOverTime } = await read({ range: '24h', family: 'interaction' }, 'Asia/Kolkata');
  expect(overTime).toHaveLength(25);
  expect(overTime.slice(1).every(({ startsAt }) => startsAt.endsWith(':30:00.000Z'))).toBe(true);
  expect(throughputOverTime.filter(({ updateCount }) => updateCount === 0)).toHaveLength(24);
});

test('a partial day is compared with the same part of another, never with a full one', async () => {
  await seedLongAgo(db);
  await seedInteraction(db, { at: hoursAgo(2), userId: 1 });
  for (const hours of [7 * 24 + 2, 7 * 24 - 2]) await seedInteraction(db, { at: hoursAgo(hours), userId: 1 });
  const { throughput, compared, comparedRange } = await read({ from: '2026-11-20', to: '2026-11-20', bucket: 'day', compare: 'previous' }, 'UTC');
  expect([throughput.updateCount, compared?.throughput.updateCount, comparedRange?.to]).toEqual([1, 1, '2026-11-13T12:00:00.000Z']);
});

test('requests to unknown paths count', async () => {
  const recorder = createRequestRecorder({ db, clock: fixedClock(hoursAgo(1)) });
  recorder.record({ handler: 'unmatched', method: 'GET', status: '4xx', durationMs: 3 });
  await recorder.flush();
  const { requests, requestsByStatus } = await read();
  expect(requests.map(({ handler, count }) => [handler, count])).toEqual([['unmatched', 1]]);
  expect(requestsByStatus).toContainEqual({ status: '4xx', count: 1 });
});
