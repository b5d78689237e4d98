import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { recordPayment } from '#server/services/payments/record-payment.ts';
import { recordPremium } from '#server/services/payments/record-premium.ts';
import { planOf } from '#server/services/users/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const AT = new Date('2026-11-01T10:00:00Z');
const DAY_MS = 86_400_000;
const daysLater = (days: number) => new Date(AT.getTime() + days * DAY_MS);
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterAll(() => database.drop());

async function premiumUntil(userId: number): Promise<Date | null> {
  const [row] = await database.handle.sql<{ premium_until: Date | null }[]>`select premium_until from users where id = ${userId}`;
  return row?.premium_until ?? null;
}
const chargesOf = (userId: number) => database.handle.sql`select telegram_payment_charge_id as charge from payments where user_id = ${userId} order by 1`;

test('a paid month is booked with its dollar value and gives premium for thirty days, to the millisecond', async () => {
  const userId = await seedUser(db);
  await recordPremium(db, { userId, chargeId: 'first', paidAt: AT });
  const [row] = await database.handle.sql`select plan, stars, value_usd, paid_at, period_ends_at, refunded_at from payments where user_id = ${userId}`;
  expect(row).toEqual({ plan: 'premium', stars: 250, value_usd: '3.250000000000', paid_at: AT, period_ends_at: daysLater(30), refunded_at: null });
  const user = { premiumUntil: await premiumUntil(userId) };
  expect(planOf(user, new Date(daysLater(30).getTime() - 1))).toBe('premium');
  expect(planOf(user, daysLater(30))).toBe('free');
});

test('a charge that Telegram tells twice is booked once, also when both arrive at once, and gives no second month', async () => {
  const userId = await seedUser(db);
  await Promise.all(Array.from({ length: 5 }, (_, index) => recordPremium(db, { userId, chargeId: 'twice', paidAt: daysLater(index) })));
  const [payment] = await database.handle.sql`select paid_at, period_ends_at from payments where user_id = ${userId}`;
  expect(await chargesOf(userId)).toHaveLength(1);
  expect(await premiumUntil(userId)).toEqual(payment?.['period_ends_at']);
});

test('a late report of an old payment does not shorten a premium that lasts longer', async () => {
  const userId = await seedUser(db);
  await recordPremium(db, { userId, chargeId: 'recent', paidAt: daysLater(20) });
  await recordPremium(db, { userId, chargeId: 'old', paidAt: AT });
  expect(await premiumUntil(userId)).toEqual(daysLater(50));
  expect(await chargesOf(userId)).toHaveLength(2);
});

test('payments of one user change nobody else’s plan', async () => {
  const [payer, other] = [await seedUser(db), await seedUser(db)];
  await recordPremium(db, { userId: payer, chargeId: 'mine', paidAt: AT });
  expect(await premiumUntil(other)).toBeNull();
});

test('a payment whose premium cannot be given is not booked either, so that the charge can be tried again', async () => {
  const userId = await seedUser(db);
  await database.handle.sql`alter table users add constraint no_premium check (premium_until is null) not valid`;
  await expect(recordPremium(db, { userId, chargeId: 'again', paidAt: AT })).rejects.toThrow();
  expect(await chargesOf(userId)).toHaveLength(0);
  await database.handle.sql`alter table users drop constraint no_premium`;
  await recordPremium(db, { userId, chargeId: 'again', paidAt: AT });
  expect(await premiumUntil(userId)).toEqual(daysLater(30));
});

test('a charge belongs to whom it was booked for first', async () => {
  const [first, second] = [await seedUser(db), await seedUser(db)];
  const payment = { telegramPaymentChargeId: 'claimed', plan: 'premium', stars: 250, valueUsd: '3.25', paidAt: AT, periodEndsAt: daysLater(30) } as const;
  expect(await recordPayment(db, { ...payment, userId: first })).toBe(true);
  expect(await recordPayment(db, { ...payment, userId: second })).toBe(false);
  expect(await chargesOf(second)).toHaveLength(0);
});

test('a payment that is wrong for another reason than its charge is an error, not a repetition', async () => {
  const payment = { telegramPaymentChargeId: 'wrong', plan: 'premium', stars: 250, paidAt: AT, periodEndsAt: daysLater(30) } as const;
  await expect(recordPayment(db, { ...payment, userId: 1, valueUsd: 'three dollars' })).rejects.toThrow();
});
