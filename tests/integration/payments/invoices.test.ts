import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { checkInvoice, INVOICE_LIFETIME_MS, type CheckInvoiceInput } from '#server/services/payments/check-invoice.ts';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { invoiceIdOf, readInvoiceId } from '#server/services/payments/invoice-id.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { book } from '#tests/support/payments.ts';
import { seedUser } from '#tests/support/seed.ts';

const SENT_AT = new Date('2026-11-01T10:00:00Z');
const later = (ms: number) => new Date(SENT_AT.getTime() + ms);
let database: TestDatabase;
let db: Database;
let userId: number;
let updateId = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  userId = await seedUser(db);
});
afterAll(() => database.drop());

/** Sends an invoice and gives what Telegram asks when somebody pays it at once. */
async function sendInvoice(): Promise<CheckInvoiceInput> {
  const id = invoiceIdOf({ userId, updateId: (updateId += 1) });
  await createInvoice(db, { id, userId, stars: 250, sentAt: SENT_AT });
  return { payload: id, userId, currency: 'XTR', amount: 250, at: later(5_000) };
}
const rowOf = async ({ payload }: CheckInvoiceInput) => {
  const [row] = await database.handle.sql`select user_id, plan, stars, sent_at, checked_at, paid_at from invoices where id = ${payload}`;
  return { ...row };
};

test('an invoice is on record from its sending, and who asks to pay it leaves the time of that', async () => {
  const ask = await sendInvoice();
  const sent = { user_id: expect.anything() as unknown, plan: 'premium', stars: 250, sent_at: SENT_AT, checked_at: null, paid_at: null };
  expect(await rowOf(ask)).toEqual(sent);
  expect(await checkInvoice(db, ask)).toBeNull();
  expect(await rowOf(ask)).toEqual({ ...sent, checked_at: ask.at });
});

test('an update that is handled anew sends the same invoice, which stays as it was', async () => {
  const ask = await sendInvoice();
  await createInvoice(db, { id: ask.payload, userId, stars: 999, sentAt: later(60_000) });
  expect(await rowOf(ask)).toMatchObject({ stars: 250, sent_at: SENT_AT });
});

test.each([
  ['unknown', 'a payload that is no id', { payload: 'premium' }],
  ['unknown', 'an empty payload', { payload: '' }],
  ['unknown', 'an id that was never sent', { payload: '0d9c1f1e-5b7e-4b5e-9d2e-000000000000' }],
  ['foreign', 'somebody else', { userId: 987_654 }],
  ['amount', 'a Star less', { amount: 249 }],
  ['amount', 'a Star more', { amount: 251 }],
  ['amount', 'another currency', { currency: 'USD' }],
  ['expired', 'a millisecond too late', { at: later(INVOICE_LIFETIME_MS + 1) }],
] as const)('an invoice is refused as %s for %s', async (refusal, _what, change) => {
  expect(await checkInvoice(db, { ...(await sendInvoice()), ...change })).toBe(refusal);
});

test('an invoice may be paid until its last moment', async () => {
  expect(await checkInvoice(db, { ...(await sendInvoice()), at: later(INVOICE_LIFETIME_MS) })).toBeNull();
});

test('an invoice that is paid is not paid again', async () => {
  const ask = await sendInvoice();
  await book(database, { userId, chargeId: 'paid', paidAt: ask.at, invoicePayload: ask.payload });
  expect(await checkInvoice(db, ask)).toBe('paid');
});

test('somebody else’s question leaves no mark on an invoice', async () => {
  const ask = await sendInvoice();
  await checkInvoice(db, { ...ask, userId: 987_654 });
  expect(await rowOf(ask)).toMatchObject({ checked_at: null });
});

test('ids of invoices differ by user and by update, fit into a payload of 128 bytes, and nothing else is taken for one', () => {
  const ids = [1, 2].flatMap((user) => [1, 2].map((update) => invoiceIdOf({ userId: user, updateId: update })));
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect([readInvoiceId(id), Buffer.byteLength(id)]).toEqual([id, 36]);
  for (const other of [null, '', 'x', `${ids[0] ?? ''} `, '0'.repeat(36)]) expect(readInvoiceId(other)).toBeNull();
});
