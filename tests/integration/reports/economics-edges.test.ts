import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aiUsage, users } from '#db/schema/index.ts';
import { Economics, EconomicsInput } from '#server/contracts/economics.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getEconomics } from '#server/services/reports/get-economics.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { forgetEconomics } from '#tests/support/economics-histories.ts';
import { picoOf } from '#tests/support/naive-economics.ts';
import { seedGeneration, seedInteraction, seedPayment, seedUser } from '#tests/support/seed.ts';

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

const report = async (input: EconomicsInput = { range: '7d' }) =>
  Economics.parse(await getEconomics({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input));

test('an empty database has no revenue, no cost and no ratio of either, and every bucket, plan and operation', async () => {
  const { total, users: people, overTime, byPlan, byOperation, bySource, topUsers, otherUsers, nobody, compared } = await report({ range: '7d', compare: 'previous' });
  expect(total).toMatchObject({ revenueUsd: '0.000000000000', marginUsd: '0.000000000000', costUsd: '0.000000000000', marginRatio: null });
  expect(people).toMatchObject({ costPerActiveUsd: null, costPerPayingUsd: null, revenuePerActiveUsd: null, revenuePerPayingUsd: null, conversionRatio: null, newCount: 0 });
  expect(overTime).toHaveLength(8);
  expect(byPlan.map(({ plan }) => plan)).toEqual(['free', 'premium']);
  expect(byOperation.map(({ operation, perDeliveredUsd }) => [operation, perDeliveredUsd])).toEqual(
    ['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'].map((operation) => [operation, null]),
  );
  expect([bySource, topUsers]).toEqual([[], []]);
  expect([otherUsers, nobody]).toEqual(Array.from({ length: 2 }, () => ({ costUsd: '0.000000000000', attemptCount: 0 })));
  expect(compared).toBeNull();
});

test('one payment is revenue of its bucket, its plan and the source of its user', async () => {
  const userId = await seedUser(database.handle.db, daysAgo(40), 'ads');
  await seedPayment(database.handle.db, { userId, paidAt: daysAgo(1), stars: 250, valueUsd: '3.25' });
  const { total, users: people, overTime, byPlan, bySource } = await report();
  expect(total).toMatchObject({ revenueUsd: '3.250000000000', revenueStars: 250, paymentCount: 1, marginUsd: '3.250000000000', marginRatio: 1 });
  expect(people).toMatchObject({ payingCount: 1, activePayingCount: 0, newPayingCount: 1, newCount: 0, convertedCount: 0, revenuePerPayingUsd: '3.250000000000', revenuePerActiveUsd: null });
  expect(overTime.filter(({ paymentCount }) => paymentCount > 0)).toMatchObject([{ startsAt: '2026-11-19T00:00:00.000Z', revenueUsd: '3.250000000000' }]);
  expect(byPlan.map(({ plan, revenueUsd }) => [plan, revenueUsd])).toEqual([['free', '0.000000000000'], ['premium', '3.250000000000']]);
  expect(bySource).toMatchObject([{ source: 'ads', revenueUsd: '3.250000000000', signupCount: 0 }]);
});

test('a range that is to come has nothing in it and is unfinished', async () => {
  await seedGeneration(database.handle.db, { startedAt: daysAgo(1), userId: 1 });
  const { total, overTime, topUsers } = await report({ from: '2026-12-01', to: '2026-12-03' });
  expect(total.costUsd).toBe('0.000000000000');
  expect(topUsers).toEqual([]);
  expect(overTime.map(({ isUnfinished }) => isUnfinished)).toEqual([true, true, true]);
});

test('when more was given back than came in, revenue and margin are negative, and there is no ratio of them', async () => {
  const userId = await seedUser(database.handle.db, daysAgo(40));
  await seedPayment(database.handle.db, { userId, paidAt: daysAgo(20), refundedAt: daysAgo(1) });
  await seedGeneration(database.handle.db, { startedAt: daysAgo(1), userId, costUsd: '0.75' });
  await seedInteraction(database.handle.db, { at: daysAgo(1), userId });
  const { total, users: people } = await report();
  expect(total).toMatchObject({ revenueUsd: '-3.250000000000', revenueStars: -250, marginUsd: '-4.000000000000', marginRatio: null, paymentCount: 0, refundCount: 1 });
  expect(people).toMatchObject({ payingCount: 0, newPayingCount: 0, revenuePerActiveUsd: '-3.250000000000', revenuePerPayingUsd: null });
});

test('more than twenty sources are listed as those that brought in most, the rest, and nobody, and are still the total', async () => {
  const { db } = database.handle;
  for (let index = 0; index < 23; index += 1) {
    const userId = await seedUser(db, daysAgo(2), `campaign ${String(index).padStart(2, '0')}`);
    if (index >= 10) await seedPayment(db, { userId, paidAt: daysAgo(1), valueUsd: `${index}` });
    if (index === 5) await seedGeneration(db, { startedAt: daysAgo(1), userId, costUsd: '0.5' });
    if (index === 12) await foldRollups(db, 3);
  }
  await seedGeneration(db, { startedAt: daysAgo(1), userId: null, costUsd: '2' });
  const { total, bySource } = await report();
  const names = bySource.map(({ source }) => source);
  expect(names.slice(0, 3)).toEqual(['campaign 22', 'campaign 21', 'campaign 20']);
  // After those with revenue the one that cost something, then by name.
  expect(names.slice(13)).toEqual(['campaign 05', ...[0, 1, 2, 3, 4, 6].map((index) => `campaign 0${index}`), null, '']);
  expect(bySource.at(-2)).toMatchObject({ signupCount: 3, attemptCount: 0, revenueUsd: '0.000000000000' });
  expect(bySource.at(-1)).toMatchObject({ signupCount: 0, attemptCount: 1, costUsd: '2.000000000000', marginUsd: '-2.000000000000' });
  for (const key of ['revenueUsd', 'costUsd', 'marginUsd'] as const) expect(bySource.reduce((sum, row) => sum + picoOf(row[key]), 0n)).toBe(picoOf(total[key]));
});

test('a dear user who was deleted stays in the list and has no plan, one who is unknown too', async () => {
  const { db } = database.handle;
  const [payer, gone] = [await seedUser(db), await seedUser(db)];
  await db.update(users).set({ premiumUntil: new Date(NOW.getTime() + 1) }).where(eq(users.id, payer));
  await db.update(users).set({ deletedAt: NOW }).where(eq(users.id, gone));
  for (const [index, userId] of [gone, payer, 987_654].entries()) await seedGeneration(db, { startedAt: daysAgo(1), userId, costUsd: `${3 - index}` });
  const { topUsers } = await report({ range: '7d', top: 50 });
  expect(topUsers.map(({ userId, planNow }) => [userId, planNow])).toEqual([[gone, null], [payer, 'premium'], [987_654, null]]);
});

test('a correction that is not folded yet moves a user within the list at once', async () => {
  const { db } = database.handle;
  const ids = await Promise.all([1, 2].map((userId) => seedGeneration(db, { startedAt: daysAgo(1), userId, status: 'reserved', costUsd: null, costSource: 'none' })));
  await seedGeneration(db, { startedAt: daysAgo(2), userId: 3, costUsd: '1' });
  await foldRollups(db);
  expect((await report()).topUsers.map(({ userId }) => userId)).toEqual([3]);
  await db.update(aiUsage).set({ status: 'settled', costUsd: '7', costSource: 'lookup' }).where(eq(aiUsage.requestId, ids[1] ?? ''));
  expect((await report()).topUsers.map(({ userId, costUsd }) => [userId, costUsd])).toEqual([[2, '7.000000000000'], [3, '1.000000000000']]);
});

test('days whose raw rows are not kept count as a whole where the range has them, and never make more than the total', async () => {
  const { db, sql } = database.handle;
  await seedGeneration(db, { startedAt: daysAgo(3.2), userId: 1, costUsd: '1' });
  await seedGeneration(db, { startedAt: daysAgo(2), userId: 1, costUsd: '2' });
  await foldRollups(db);
  await sql`delete from ai_usage`;
  await sql`insert into raw_horizons (table_name, kept_from) values ('ai_usage', ${daysAgo(1)})`;
  const { total, topUsers, otherUsers } = await report({ from: daysAgo(3.3).toISOString(), to: daysAgo(1).toISOString() });
  await sql`delete from raw_horizons`;
  expect(total.costUsd).toBe('3.000000000000');
  expect([topUsers[0]?.costUsd, otherUsers.costUsd]).toEqual(['2.000000000000', '1.000000000000']);
});

test('a count of users that is none, and a range that is none, are refused with a word on what is allowed', async () => {
  for (const top of [0, 51, 1.5]) expect(EconomicsInput.safeParse({ top }).error?.issues.map(({ path }) => path.join('.'))).toEqual(['top']);
  expect(EconomicsInput.safeParse({ top: 51 }).error?.issues[0]?.message).toBe('must be a whole number from 1 to 50');
  expect(EconomicsInput.safeParse({ range: '9d' }).error?.issues[0]?.message).toBe('must be one of 24h, 7d, 30d');
  await expect(report({ range: '30d', bucket: '5min' })).rejects.toMatchObject({ code: 'bad_input' });
});
