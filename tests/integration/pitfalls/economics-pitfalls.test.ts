import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EconomicsInput } from '#server/contracts/economics.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { forgetEconomics } from '#tests/support/economics-histories.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/*
 * What a predecessor of this product got wrong about revenue, cost per user and conversion: one test for each mistake.
 */
const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => forgetEconomics(database.handle.sql));
afterAll(() => database.drop());

const report = (input: EconomicsInput = { range: '7d' }) => getEconomics({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input);

/** A user who did something a day ago at a cost. */
async function seedActive(costUsd: string, createdAt = daysAgo(60)): Promise<number> {
  const { db } = database.handle;
  const userId = await seedUser(db, createdAt);
  await seedInteraction(db, { at: daysAgo(1), userId });
  await seedGeneration(db, { startedAt: daysAgo(1), userId, costUsd });
  return userId;
}

test('cost per paying user takes the cost of those who pay now, not of all, and neither who paid once nor who was refunded pays', async () => {
  const { db } = database.handle;
  const [payer, former, refunded] = [await seedActive('1'), await seedActive('10'), await seedActive('100')];
  await seedPayment(db, { userId: payer, paidAt: daysAgo(3) });
  await seedPayment(db, { userId: former, paidAt: daysAgo(50) });
  await seedPayment(db, { userId: refunded, paidAt: daysAgo(3), refundedAt: daysAgo(2) });
  const { users } = await report();
  expect(users).toMatchObject({ payingCount: 1, activePayingCount: 1, costPerPayingUsd: '1.000000000000', costPerActiveUsd: '37.000000000000' });
});

test('without anybody to divide by there is no figure, where the whole cost would stand', async () => {
  await seedGeneration(database.handle.db, { startedAt: daysAgo(1), userId: await seedUser(database.handle.db), costUsd: '5' });
  const { total, users } = await report();
  expect(total.costUsd).toBe('5.000000000000');
  expect(users).toMatchObject({ costPerActiveUsd: null, costPerPayingUsd: null, revenuePerActiveUsd: null, revenuePerPayingUsd: null, conversionRatio: null });
  expect(total.marginRatio).toBeNull();
});

test('revenue, margin and the split by plan are told in dollars of the day of the payment, beside the Stars', async () => {
  const { db } = database.handle;
  const userId = await seedActive('1.25');
  await seedGeneration(db, { startedAt: daysAgo(1), userId, costUsd: '0.75', plan: 'premium' });
  await seedPayment(db, { userId, paidAt: daysAgo(2), stars: 100, valueUsd: '1.3' });
  await seedPayment(db, { userId, paidAt: daysAgo(1), stars: 100, valueUsd: '1.2' });
  const { total, byPlan } = await report();
  expect(total).toMatchObject({ revenueUsd: '2.500000000000', revenueStars: 200, costUsd: '2.000000000000', marginUsd: '0.500000000000', marginRatio: 0.2 });
  expect(byPlan.map(({ plan, revenueUsd, costUsd, marginUsd }) => [plan, revenueUsd, costUsd, marginUsd])).toEqual([
    ['free', '0.000000000000', '1.250000000000', '-1.250000000000'],
    ['premium', '2.500000000000', '0.750000000000', '1.750000000000'],
  ]);
});

test('conversion is of the users who came in the range, not of all who ever paid among all who are old', async () => {
  const { db } = database.handle;
  const [fresh, , old] = [await seedActive('1', daysAgo(3)), await seedActive('1', daysAgo(2)), await seedActive('1', daysAgo(60))];
  await seedPayment(db, { userId: fresh, paidAt: daysAgo(1) });
  for (const days of [50, 20, 2]) await seedPayment(db, { userId: old, paidAt: daysAgo(days) });
  const { users } = await report();
  expect(users).toMatchObject({ newCount: 2, convertedCount: 1, conversionRatio: 0.5, newPayingCount: 1, payingCount: 2 });
});

test('revenue per active user divides by who was active in the range, not by all users ever', async () => {
  const { db } = database.handle;
  for (let index = 0; index < 5; index += 1) await seedUser(db, daysAgo(100));
  const userId = await seedActive('1');
  await seedActive('1');
  await seedPayment(db, { userId, paidAt: daysAgo(1), valueUsd: '3' });
  const { users } = await report();
  expect(users).toMatchObject({ activeCount: 2, revenuePerActiveUsd: '1.500000000000', revenuePerPayingUsd: '3.000000000000' });
});

test('a running day is compared with the same part of another, not with the whole of yesterday', async () => {
  const { db } = database.handle;
  const userId = await seedUser(db, daysAgo(100));
  const at = (day: string) => new Date(`${day}Z`);
  for (const [paidAt, valueUsd] of [['2026-11-20T09:00:00', '2'], ['2026-11-13T09:00:00', '1'], ['2026-11-13T20:00:00', '8'], ['2026-11-19T09:00:00', '16']] as const) {
    await seedPayment(db, { userId, paidAt: at(paidAt), valueUsd });
  }
  await seedLongAgo(db);
  const { total, compared } = await report({ from: '2026-11-20', to: '2026-11-20', bucket: 'day', compare: 'previous' });
  expect([total.revenueUsd, compared?.total.revenueUsd]).toEqual(['2.000000000000', '1.000000000000']);
});

test('no cent is lost to a float, and a refund takes back what was paid on the day of the refund', async () => {
  const { db } = database.handle;
  const userId = await seedUser(db, daysAgo(100));
  for (const valueUsd of ['19.99', '0.1', '0.2']) await seedPayment(db, { userId, paidAt: daysAgo(20), valueUsd });
  await seedPayment(db, { userId, paidAt: daysAgo(20), valueUsd: '0.000000000001', refundedAt: daysAgo(1) });
  const { total } = await report({ from: daysAgo(21).toISOString(), to: daysAgo(10).toISOString() });
  expect(total).toMatchObject({ revenueUsd: '20.290000000001', paymentCount: 4, refundCount: 0 });
  expect((await report()).total).toMatchObject({ revenueUsd: '-0.000000000001', refundUsd: '0.000000000001', refundCount: 1, paymentCount: 0 });
});
