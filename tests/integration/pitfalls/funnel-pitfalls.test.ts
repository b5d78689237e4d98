import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookPayment } from '#server/services/payments/book-payment.ts';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { invoiceIdOf } from '#server/services/payments/invoice-id.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const AT = new Date('2026-11-10T12:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('who was shown a price and did not pay is on record apart from who paid', async () => {
  const { db, sql } = database.handle;
  const [hesitant, decided] = [await seedUser(db), await seedUser(db)];
  const invoicePayload = invoiceIdOf({ userId: decided, updateId: 2 });
  await createInvoice(db, { id: invoiceIdOf({ userId: hesitant, updateId: 1 }), userId: hesitant, stars: 250, sentAt: AT });
  await createInvoice(db, { id: invoicePayload, userId: decided, stars: 250, sentAt: AT });
  await bookPayment(db, { userId: decided, chargeId: 'paid', stars: 250, starValueUsd: '0.013', paidAt: AT, invoicePayload, processId: null });
  const [counts] = await sql`select count(*)::int as shown, count(paid_at)::int as paid from invoices`;
  expect(counts).toEqual({ shown: 2, paid: 1 });
});
