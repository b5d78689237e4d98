import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { recordRefund } from '#server/services/payments/record-refund.ts';
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

test('a refund marks the payment and takes its premium back', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'back', paidAt: AT });
  expect(await recordRefund(db, { chargeId: 'back', refundedAt: daysLater(3) })).toEqual({ status: 'refunded', premiumUntil: null });
  expect(await premiumUntil(database, userId)).toBeNull();
  expect(await paymentsOf(database, userId)).toEqual([expect.objectContaining({ stars: 250, refunded_at: daysLater(3) })]);
});

test('a refund that is told again changes nothing, also when both arrive at once', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'back twice', paidAt: AT });
  const results = await Promise.all([1, 2, 3].map((days) => recordRefund(db, { chargeId: 'back twice', refundedAt: daysLater(days) })));
  expect(results.map(({ status }) => status).sort()).toEqual(['known', 'known', 'refunded']);
  const before = await paymentsOf(database, userId);
  expect(await recordRefund(db, { chargeId: 'back twice', refundedAt: daysLater(9) })).toEqual({ status: 'known' });
  expect(await paymentsOf(database, userId)).toEqual(before);
});

test('the refund of a charge that nobody knows changes nothing', async () => {
  expect(await recordRefund(db, { chargeId: 'never seen', refundedAt: AT })).toEqual({ status: 'unknown' });
});

test('a payment that is told again after its refund stays refunded and gives no premium', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'told again', paidAt: AT });
  await recordRefund(db, { chargeId: 'told again', refundedAt: daysLater(1) });
  expect(await book(database, { userId, chargeId: 'told again', paidAt: AT })).toEqual({ booked: null, isRefunded: true, premiumUntil: null });
});

test('when the running month is refunded, the one that was paid early begins when it was paid', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'running', paidAt: AT });
  await book(database, { userId, chargeId: 'early', paidAt: daysLater(10) });
  expect(await recordRefund(db, { chargeId: 'running', refundedAt: daysLater(12) })).toEqual({ status: 'refunded', premiumUntil: daysLater(40) });
  expect(await paymentsOf(database, userId)).toMatchObject([{ charge: 'running', refunded_at: daysLater(12) }, { charge: 'early', period_ends_at: daysLater(40) }]);
});

test('who pays again after a refund is no new conversion', async () => {
  const userId = await seedUser(db);
  await book(database, { userId, chargeId: 'once', paidAt: AT });
  await recordRefund(db, { chargeId: 'once', refundedAt: daysLater(1) });
  expect((await book(database, { userId, chargeId: 'anew', paidAt: daysLater(2) })).booked).toMatchObject({ isFirstOfUser: false });
});

/** Payments by day, the order in which they and some refunds are told, and how often. */
const history = fc.record({
  days: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 6 }),
  reports: fc.array(fc.record({ payment: fc.nat(5), isRefund: fc.boolean() }), { maxLength: 16 }),
});

/** The end of the union of the paid periods, laid out day by day: as slow as it is simple. */
function endOfUnion(days: readonly number[]): Date | null {
  const covered = new Set<number>();
  for (const day of days.toSorted((a, b) => a - b)) {
    let from = day;
    while (covered.has(from)) from += 1;
    for (let each = from; each < from + 30; each += 1) covered.add(each);
  }
  return covered.size === 0 ? null : daysLater(Math.max(...covered) + 1);
}

test('property: premium ends where the union of the paid, non-refunded periods ends, in any order of payments and refunds, each told any number of times', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ days, reports }) => {
      const userId = await seedUser(db);
      run += 1;
      const chargeOf = (payment: number) => `history-${run}-${payment}`;
      const [paid, refunded] = [new Set<number>(), new Set<number>()];
      for (const { payment: any, isRefund } of reports) {
        const payment = any % days.length;
        if (isRefund) {
          await recordRefund(db, { chargeId: chargeOf(payment), refundedAt: daysLater(130) });
          if (paid.has(payment)) refunded.add(payment);
        } else {
          await book(database, { userId, chargeId: chargeOf(payment), paidAt: daysLater(days[payment] ?? 0) });
          paid.add(payment);
        }
        const kept = [...paid].filter((each) => !refunded.has(each)).map((each) => days[each] ?? 0);
        expect(await premiumUntil(database, userId)).toEqual(endOfUnion(kept));
      }
      const rows = await paymentsOf(database, userId);
      expect(rows).toHaveLength(paid.size);
    }),
    { numRuns: 40 },
  );
}, 60_000);
