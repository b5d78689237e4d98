import { afterAll, beforeAll, expect, test } from 'vitest';
import { Overview } from '#server/contracts/overview.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);

let database: TestDatabase;
const overview = (input = {}, timeZone = 'UTC') =>
  getOverview({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: timeZone }, input);

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  await db.execute(`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`);
  const [anna, boris, clara] = [await seedUser(db), await seedUser(db), await seedUser(db)];
  await seedInteraction(db, { at: hoursAgo(1), userId: anna, durationMs: 100 });
  await seedInteraction(db, { at: hoursAgo(2), userId: anna, durationMs: 200 });
  await seedInteraction(db, { at: hoursAgo(30), userId: boris, outcome: 'failed', errorType: 'ai_failed', durationMs: 300 });
  await seedInteraction(db, { at: hoursAgo(10 * 24), userId: clara });
  await seedInteraction(db, { at: hoursAgo(40 * 24), userId: clara });
  await seedGeneration(db, { startedAt: hoursAgo(1), userId: anna, costUsd: '0.000000000001', operation: 'tarot_card' });
  await seedGeneration(db, { startedAt: hoursAgo(2), userId: anna, costUsd: '0.3', operation: 'natal_chart', costSource: 'estimated' });
  await seedGeneration(db, { startedAt: hoursAgo(30), userId: boris, costUsd: '0.1', operation: 'horoscope' });
  await seedGeneration(db, { startedAt: hoursAgo(31), userId: boris, costUsd: '0.2', operation: 'retired_operation' });
  await seedGeneration(db, { startedAt: hoursAgo(3), userId: anna, status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout' });
  await seedGeneration(db, { startedAt: hoursAgo(4), userId: anna, status: 'unknown', costUsd: null, costSource: 'none', errorType: 'interrupted' });
  await seedGeneration(db, { startedAt: hoursAgo(0.01), userId: anna, status: 'reserved', costUsd: null, costSource: 'none', promptTokens: null, completionTokens: null });
  await seedPayment(db, { userId: anna, paidAt: hoursAgo(5 * 24) });
  await seedPayment(db, { userId: boris, paidAt: hoursAgo(5 * 24), refundedAt: hoursAgo(24) });
  await seedPayment(db, { userId: clara, paidAt: hoursAgo(60 * 24), periodEndsAt: hoursAgo(30 * 24 + 1) });
});
afterAll(() => database.drop());

test('the overview fits its contract', async () => {
  expect(Overview.parse(await overview())).toBeDefined();
});

test('active users are counted in rolling windows whatever the range', async () => {
  for (const range of ['24h', '7d', '30d']) expect((await overview({ range })).activeUsers).toEqual({ dau: 1, wau: 2, mau: 3 });
});

test('total cost is exact to the last digit and is the sum of its sources, of its operations and of its buckets', async () => {
  const { cost, costByOperation, costOverTime } = await overview({ range: '7d' });
  expect(cost).toMatchObject({
    totalUsd: '0.600000000001',
    billedUsd: '0.300000000001',
    estimatedUsd: '0.300000000000',
    lookupUsd: '0.000000000000',
    averageUsd: '0.150000000000',
  });
  expect(Object.fromEntries(costByOperation.map((row) => [row.operation, row.costUsd]))).toEqual({
    horoscope: '0.100000000000',
    tarot_card: '0.000000000001',
    tarot_three_cards: '0.000000000000',
    natal_chart: '0.300000000000',
    other: '0.200000000000',
  });
  expect(costOverTime.filter((bucket) => bucket.generationCount > 0).map((bucket) => [bucket.startsAt, bucket.costUsd])).toEqual([
    ['2026-11-19T00:00:00.000Z', '0.300000000000'],
    ['2026-11-20T00:00:00.000Z', '0.300000000001'],
  ]);
});

test('open attempts are counted beside the total and never as zero cost', async () => {
  const { generations } = await overview({ range: '24h' });
  expect(generations).toEqual({ totalCount: 5, settledCount: 2, voidCount: 1, reservedCount: 1, unknownCount: 1 });
});

test('cost per paying user counts only what paying, non-refunded, active users caused', async () => {
  const { cost } = await overview({ range: '7d' });
  expect(cost).toMatchObject({ payingUserCount: 1, perPayingUserUsd: '0.300000000001', activeUserCount: 2, perActiveUserUsd: '0.300000000001' });
});

test('averages and ratios of an empty range are not defined, and its counts and sums are 0', async () => {
  const empty = await overview({ from: '2026-09-10T00:00:00Z', to: '2026-09-11T00:00:00Z' });
  expect(empty.cost).toMatchObject({ totalUsd: '0.000000000000', averageUsd: null, perActiveUserUsd: null, perPayingUserUsd: null });
  expect(empty.interactions).toEqual({ totalCount: 0, failedCount: 0, errorRatio: null, p95Ms: null });
  expect(empty.generationP95Ms).toBeNull();
});

test('buckets begin at local midnight of the reporting time zone', async () => {
  const { costOverTime } = await overview({ range: '7d' }, 'Asia/Kolkata');
  expect(costOverTime.map((bucket) => bucket.startsAt).slice(0, 3)).toEqual([
    '2026-11-13T12:00:00.000Z',
    '2026-11-13T18:30:00.000Z',
    '2026-11-14T18:30:00.000Z',
  ]);
  expect(costOverTime.at(-1)?.isUnfinished).toBe(true);
});

test('error rate and 95th percentile come from the interactions of the range', async () => {
  const { interactions } = await overview({ range: '7d' });
  expect(interactions).toMatchObject({ totalCount: 3, failedCount: 1, errorRatio: 1 / 3 });
  expect(Math.abs((interactions.p95Ms ?? Infinity) - 290)).toBeLessThan(290 * 0.05);
});
