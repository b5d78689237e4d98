import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { findLastPayment } from '#server/services/payments/find-last-payment.ts';
import { invoiceIdOf } from '#server/services/payments/invoice-id.ts';
import { recordPayment } from '#server/services/payments/record-payment.ts';
import { planOf } from '#server/services/users/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { book, paymentsOf, premiumUntil } from '#tests/support/payments.ts';
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

test('a paid month is booked with its dollar value and gives premium for thirty days, to the millisecond', async () => {
  const userId = await seedUser(db);
  const result = await book(database, { userId, chargeId: 'first', paidAt: AT, processId: 7 });
  expect(result).toEqual({ booked: { plan: 'premium', stars: 250, valueUsd: '3.25', isFirstOfUser: true }, isRefunded: false, premiumUntil: daysLater(30) });
  const row = { charge: 'first', plan: 'premium', stars: 250, value_usd: '3.250000000000', paid_at: AT, period_ends_at: daysLater(30), refunded_at: null, invoice_id: null, process_id: 7 };
  expect(await paymentsOf(database, userId)).toEqual([row]);
  const user = { premiumUntil: await premiumUntil(database, userId) };
  expect(planOf(user, new Date(daysLater(30).getTime() - 1))).toBe('premium');
  expect(planOf(user, daysLater(30))).toBe('free');
});

test.each([
  [1, '0.013', '0.013000000000'],
  [3, '0.1', '0.300000000000'],
  [9_999, '0.000000000001', '0.000000009999'],
  [10_000, '999.999999999999', '9999999.999999990000'],
])('%i Stars at %s dollars are worth exactly %s, and stay so', async (stars, starValueUsd, valueUsd) => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: `worth-${stars}`, paidAt: AT, stars, starValueUsd });
  await book(database, { userId, chargeId: `worth-${stars}`, paidAt: AT, stars, starValueUsd: '1' });
  expect(await paymentsOf(database, userId)).toEqual([expect.objectContaining({ stars, value_usd: valueUsd })]);
});

test('a charge that Telegram tells twice is booked once, also when both arrive at once, and gives no second month', async () => {
  const userId = await seedUser(db);
  const results = await Promise.all(Array.from({ length: 5 }, (_, index) => book(database, { userId, chargeId: 'twice', paidAt: daysLater(index) })));
  expect(results.filter(({ booked }) => booked !== null)).toHaveLength(1);
  const [payment, ...others] = await paymentsOf(database, userId);
  expect(others).toEqual([]);
  expect(await premiumUntil(database, userId)).toEqual(payment && 'period_ends_at' in payment ? payment.period_ends_at : undefined);
  expect(results.map((result) => result.premiumUntil)).toEqual(results.map(() => results[0]?.premiumUntil));
});

test('a month paid early is added to the end of the running one, and its stored period is the real one', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'early-1', paidAt: AT });
  const second = await book(database, { userId, chargeId: 'early-2', paidAt: daysLater(10) });
  expect(second).toMatchObject({ booked: { isFirstOfUser: false }, premiumUntil: daysLater(60) });
  expect((await paymentsOf(database, userId)).map((row) => 'period_ends_at' in row && row.period_ends_at)).toEqual([daysLater(30), daysLater(60)]);
});

test('two months that are paid at the same moment are two months', async () => {
  const userId = await seedUser(db);
  const results = await Promise.all(['a', 'b'].map((charge) => book(database, { userId, chargeId: `same-${charge}`, paidAt: AT })));
  expect(await premiumUntil(database, userId)).toEqual(daysLater(60));
  expect(results.map(({ booked }) => booked?.isFirstOfUser).sort()).toEqual([false, true]);
});

test('a month paid after a pause begins when it is paid', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'pause-1', paidAt: AT });
  await book(database, { userId, chargeId: 'pause-2', paidAt: daysLater(90) });
  expect(await premiumUntil(database, userId)).toEqual(daysLater(120));
});

test('a late report of an old payment moves those after it to behind it', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'recent', paidAt: daysLater(20) });
  await book(database, { userId, chargeId: 'old', paidAt: AT });
  expect((await paymentsOf(database, userId)).map((row) => 'period_ends_at' in row && row.period_ends_at)).toEqual([daysLater(30), daysLater(60)]);
});

test('payments of one user change nobody else’s plan', async () => {
  const [payer, other] = [await seedUser(db), await seedUser(db)];
  await book(database, { userId: payer, chargeId: 'mine', paidAt: AT });
  expect(await premiumUntil(database, other)).toBeNull();
});

test('the invoice that was paid is marked, once, and stands in the payment', async () => {
  const userId = await seedUser(db);
  const id = invoiceIdOf({ userId, updateId: 1 });
  await createInvoice(db, { id, userId, stars: 250, sentAt: AT });
  await book(database, { userId, chargeId: 'by-invoice', paidAt: daysLater(1), invoicePayload: id });
  await book(database, { userId, chargeId: 'by-the-same', paidAt: daysLater(2), invoicePayload: id });
  const [invoice] = await database.handle.sql`select paid_at from invoices where id = ${id}`;
  expect(invoice).toEqual({ paid_at: daysLater(1) });
  expect(await paymentsOf(database, userId)).toEqual([expect.objectContaining({ invoice_id: id }), expect.objectContaining({ invoice_id: id })]);
});

test.each([['no id at all'], [''], ['7d5b3f0e-0000-4000-8000-000000000000'], ["'; drop table payments; --"]])(
  'money that came by an invoice that nobody knows (%j) is booked all the same',
  async (invoicePayload) => {
    const userId = await seedUser(db);
    const { booked } = await book(database, { userId, chargeId: `unknown ${invoicePayload}`, paidAt: AT, invoicePayload });
    expect(booked).not.toBeNull();
    expect(await paymentsOf(database, userId)).toEqual([expect.objectContaining({ invoice_id: null })]);
  },
);

test('a payment whose premium cannot be given is not booked either, so that the charge can be tried again', async () => {
  const userId = await seedUser(db);
  await database.handle.sql`alter table users add constraint no_premium check (premium_until is null) not valid`;
  await expect(book(database, { userId, chargeId: 'again', paidAt: AT })).rejects.toThrow();
  expect(await paymentsOf(database, userId)).toHaveLength(0);
  await database.handle.sql`alter table users drop constraint no_premium`;
  await book(database, { userId, chargeId: 'again', paidAt: AT });
  expect(await premiumUntil(database, userId)).toEqual(daysLater(30));
});

test('a charge belongs to whom it was booked for first', async () => {
  const [first, second] = [await seedUser(db), await seedUser(db)];
  const payment = { telegramPaymentChargeId: 'claimed', plan: 'premium', stars: 250, valueUsd: '3.25', paidAt: AT, periodEndsAt: daysLater(30) } as const;
  expect(await recordPayment(db, { ...payment, userId: first })).toBe(true);
  expect(await recordPayment(db, { ...payment, userId: second })).toBe(false);
  expect(await paymentsOf(database, second)).toHaveLength(0);
});

test('a payment that is wrong for another reason than its charge is an error, not a repetition', async () => {
  const payment = { telegramPaymentChargeId: 'wrong', plan: 'premium', stars: 250, paidAt: AT, periodEndsAt: daysLater(30) } as const;
  await expect(recordPayment(db, { ...payment, userId: 1, valueUsd: 'three dollars' })).rejects.toThrow();
});

test('the last payment of a user is the one that was made last, whenever it was told', async () => {
  const userId = await seedUser(db);
  expect(await findLastPayment(db, userId)).toBeNull();
  await book(database, { userId, chargeId: 'later', paidAt: daysLater(3) });
  await book(database, { userId, chargeId: 'sooner', paidAt: AT });
  expect(await findLastPayment(db, userId)).toMatchObject({ telegramPaymentChargeId: 'later' });
});
