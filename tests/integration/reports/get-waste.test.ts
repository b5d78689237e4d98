import { afterAll, beforeAll, expect, test } from 'vitest';
import { Waste } from '#server/contracts/waste.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getWaste, PARTS_MAX } from '#server/services/reports/get-waste.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const OPEN = { costUsd: null, costSource: 'none' } as const;
const ZERO = '0.000000000000';

let database: TestDatabase;
const waste = (input = {}) => getWaste({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input);

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  await db.execute(`select ensure_interactions_partitions('2026-10-01', '2026-12-31')`);
  const anna = await seedUser(db);
  await seedGeneration(db, { startedAt: hoursAgo(1), disposition: 'delivered', costUsd: '0.5', operation: 'horoscope' });
  await seedGeneration(db, { startedAt: hoursAgo(2), disposition: 'delivered', costUsd: '0.1', model: 'other/model' });
  await seedGeneration(db, { startedAt: hoursAgo(3), disposition: 'rejected', errorType: 'too_short', costUsd: '0.000000000001' });
  await seedGeneration(db, { startedAt: hoursAgo(4), disposition: 'rejected', errorType: 'cut_off', costUsd: '0.2' });
  await seedGeneration(db, { startedAt: hoursAgo(5), disposition: 'superseded', errorType: 'timeout', costUsd: '0.03', model: 'other/model' });
  await seedGeneration(db, { startedAt: hoursAgo(6), disposition: 'undelivered', costUsd: '0.04' });
  await seedGeneration(db, { startedAt: hoursAgo(7), status: 'void', errorType: 'timeout', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(8), status: 'unknown', errorType: 'interrupted', disposition: 'undelivered', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(0.1), status: 'reserved', ...OPEN });
  await seedGeneration(db, { startedAt: hoursAgo(24 * 9), disposition: 'rejected', costUsd: '7' });
  const reading = { userId: anna, operation: 'horoscope' };
  await seedInteraction(db, { at: hoursAgo(1), ...reading, readingSource: 'store' });
  await seedInteraction(db, { at: hoursAgo(2), ...reading, readingSource: 'store' });
  await seedInteraction(db, { at: hoursAgo(3), ...reading, readingSource: 'model' });
  await seedInteraction(db, { at: hoursAgo(4), ...reading });
  await seedInteraction(db, { at: hoursAgo(5), ...reading, outcome: 'failed', errorType: 'ai_failed' });
  await seedInteraction(db, { at: hoursAgo(6), userId: anna, handler: 'help' });
  await seedInteraction(db, { at: hoursAgo(24 * 9), ...reading, readingSource: 'store' });
});
afterAll(() => database.drop());

test('the total is what was delivered and what was wasted, to the last digit', async () => {
  expect(Waste.parse(await waste()).total).toEqual({
    costUsd: '0.870000000001',
    deliveredUsd: '0.600000000000',
    wastedUsd: '0.270000000001',
    attemptCount: 9,
    settledCount: 6,
    deliveredCount: 2,
    openCount: 2,
  });
});

test('each cause of waste stands by itself, the dearest first, delivered money beside it', async () => {
  const { byCause } = await waste();
  expect(byCause.map((row) => [row.disposition, row.errorType, row.costUsd, row.attemptCount])).toEqual([
    ['delivered', null, '0.600000000000', 2],
    ['rejected', 'cut_off', '0.200000000000', 1],
    ['undelivered', null, '0.040000000000', 1],
    ['superseded', 'timeout', '0.030000000000', 1],
    ['rejected', 'too_short', '0.000000000001', 1],
    [null, null, ZERO, 1],
    [null, 'timeout', ZERO, 1],
    ['undelivered', 'interrupted', ZERO, 1],
  ]);
});

test('an attempt whose cost is not known is counted as open and adds nothing', async () => {
  const { byCause } = await waste();
  const interrupted = byCause.find((row) => row.errorType === 'interrupted');
  expect(interrupted).toMatchObject({ openCount: 1, settledCount: 0, costUsd: ZERO });
  expect(byCause.find((row) => row.disposition === null && row.errorType === 'timeout')).toMatchObject({ openCount: 0, settledCount: 0 });
});

test('operations and models each split their spend into delivered and wasted', async () => {
  const { byOperation, byModel } = await waste();
  expect(byOperation.map((row) => [row.operation, row.deliveredUsd, row.wastedUsd])).toEqual([
    ['horoscope', '0.500000000000', ZERO],
    ['tarot_card', '0.100000000000', '0.270000000001'],
  ]);
  expect(byModel.map((row) => [row.model, row.deliveredUsd, row.wastedUsd])).toEqual([
    ['google/gemini-2.5-flash', '0.500000000000', '0.240000000001'],
    ['other/model', '0.100000000000', '0.030000000000'],
  ]);
});

test('readings from our own store are counted and cost exactly nothing', async () => {
  expect((await waste()).readings).toEqual({ storeCount: 2, storeUsd: ZERO, modelCount: 1, unrecordedCount: 1 });
});

test('a range without attempts has a total of nothing and no parts', async () => {
  const empty = await waste({ from: '2026-10-05T00:00:00Z', to: '2026-10-06T00:00:00Z' });
  expect(empty.total).toMatchObject({ costUsd: ZERO, deliveredUsd: ZERO, wastedUsd: ZERO, attemptCount: 0 });
  expect([empty.byCause, empty.byOperation, empty.byModel]).toEqual([[], [], []]);
});

test('beyond the dearest fifty the models are told as one, so that the parts are still the total', async () => {
  const { db } = database.handle;
  const at = new Date('2026-10-10T12:00:00Z');
  for (let index = 1; index <= PARTS_MAX + 3; index += 1) await seedGeneration(db, { startedAt: at, model: `a/${index}`, costUsd: String(index), disposition: 'delivered' });
  const { byModel } = await waste({ from: '2026-10-10T00:00:00Z', to: '2026-10-11T00:00:00Z' });
  expect(byModel).toHaveLength(PARTS_MAX + 1);
  expect(byModel[0]).toMatchObject({ model: `a/${PARTS_MAX + 3}` });
  expect(byModel.at(-1)).toMatchObject({ model: null, costUsd: '6.000000000000', attemptCount: 3 });
});
