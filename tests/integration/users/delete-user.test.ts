import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';
import { openChart } from '#server/services/natal/charts.ts';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { recordRefund } from '#server/services/payments/record-refund.ts';
import { cryptoRandomBelow } from '#server/services/tarot/draw-cards.ts';
import { drawCardOfDay, drawThreeCards } from '#server/services/tarot/spreads.ts';
import { deleteUser } from '#server/services/users/delete-user.ts';
import { findUser } from '#server/services/users/find-user.ts';
import { markUserBlocked, recordBlockChange } from '#server/services/users/record-block.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import { upsertUser } from '#server/services/users/upsert-users.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { book, paymentsOf } from '#tests/support/payments.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';
import { waitFor } from '#tests/support/bot.ts';

const AT = new Date('2026-11-01T10:00:00Z');
const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
const BIRTH = { date: '1990-05-17', time: '14:30', place: 'Kazan', latitude: 55.78874, longitude: 49.12214, timeZone: 'Europe/Moscow' };
const LEARNT = {
  zodiacSign: 'taurus', birthDate: BIRTH.date, birthTime: '14:30:00', birthPlace: BIRTH.place, birthLatitude: BIRTH.latitude, birthLongitude: BIRTH.longitude,
  birthTimeZone: BIRTH.timeZone, dialog: { step: 'natal_place' },
};

let database: TestDatabase;
let db: Database;
let nextId = 5_000_000_000;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
});
afterAll(() => database.drop());

const contact = (telegramUserId = (nextId += 1)) => ({ telegramUserId, languageCode: 'ru', source: 'friends', at: AT });
const remove = (userId: number, at = later(5)) => deleteUser(db, { userId, at, updateId: null });
const rowOf = async (id: number): Promise<User | undefined> => (await db.select().from(users).where(eq(users.id, id)))[0];
const countOf = async (table: string, userId: number) => Number((await database.handle.sql`select count(*) from ${database.handle.sql(table)} where user_id = ${userId}`)[0]?.['count']);

/** A user of whom everything is known, with a reading of each kind. */
async function knownUser(): Promise<User> {
  const { id } = await upsertUser(db, contact());
  await db.update(users).set({ timeZone: 'Asia/Omsk', notificationHour: 9, isBirthTimeUnknown: true }).where(eq(users.id, id));
  const ask = { userId: id, date: '2026-11-01', language: 'ru', at: AT } as const;
  await drawCardOfDay(db, cryptoRandomBelow, ask);
  await drawThreeCards(db, cryptoRandomBelow, { ...ask, updateId: null, question: 'Whom shall I marry?' });
  await openChart(db, { userId: id, birth: BIRTH, language: 'ru', at: AT });
  return updateUser(db, id, LEARNT);
}

test('of a deleted user nothing is left but an id, a language and when and where the user came from', async () => {
  const before = await knownUser();
  expect(await remove(before.id)).toBe(true);
  const after = await rowOf(before.id);
  expect(after).toEqual({
    ...before,
    telegramUserId: expect.any(Number) as number,
    zodiacSign: null, birthDate: null, birthTime: null, isBirthTimeUnknown: false, birthPlace: null, birthLatitude: null, birthLongitude: null, birthTimeZone: null,
    timeZone: null, notificationHour: null, dialog: null, premiumUntil: null, lastActiveAt: later(5), deletedAt: later(5),
  });
  expect([await countOf('tarot_spreads', before.id), await countOf('natal_charts', before.id)]).toEqual([0, 0]);
});

test('the pseudonym is negative, and another one for the same person each time', async () => {
  const telegramUserId = (nextId += 1);
  const pseudonyms = new Set<number>();
  for (let round = 0; round < 20; round += 1) {
    const { id } = await upsertUser(db, contact(telegramUserId));
    await remove(id);
    pseudonyms.add((await rowOf(id))?.telegramUserId ?? 0);
  }
  expect(pseudonyms.size).toBe(20);
  for (const pseudonym of pseudonyms) expect(Number.isSafeInteger(pseudonym) && pseudonym < 0).toBe(true);
});

test('who writes again later begins anew, under another id', async () => {
  const before = await knownUser();
  await remove(before.id);
  expect(await findUser(db, before.telegramUserId)).toBeNull();
  const fresh = await upsertUser(db, { ...contact(before.telegramUserId), source: null, at: later(60) });
  expect(fresh).toMatchObject({ source: 'direct', createdAt: later(60), birthDate: null, zodiacSign: null, deletedAt: null });
  expect(fresh.id).not.toBe(before.id);
  expect(await findUser(db, before.telegramUserId)).toEqual(fresh);
});

test('nobody else is touched', async () => {
  const [gone, other] = [await knownUser(), await knownUser()];
  await remove(gone.id);
  expect(await rowOf(other.id)).toEqual(other);
  expect([await countOf('tarot_spreads', other.id), await countOf('natal_charts', other.id)]).toEqual([2, 1]);
});

test('a second deletion and one of nobody change nothing', async () => {
  const { id } = await knownUser();
  await remove(id);
  const after = await rowOf(id);
  expect([await remove(id, later(9)), await remove(0)]).toEqual([false, false]);
  expect(await rowOf(id)).toEqual(after);
});

test('of ten deletions at once one happens', async () => {
  const { id } = await knownUser();
  const done = await Promise.all(Array.from({ length: 10 }, () => remove(id)));
  expect(done.filter(Boolean)).toHaveLength(1);
});

test('the ledger, the interactions and what budgets count of a deleted user stay under the id', async () => {
  const { id } = await knownUser();
  await seedGeneration(db, { startedAt: AT, userId: id, costUsd: '0.25' });
  await seedInteraction(db, { at: AT, userId: id });
  const { sql } = database.handle;
  const [budget] = await sql`insert into budgets (name, period, scope, limit_usd, steps, created_at, updated_at) values ('each', 'day', 'user', 1, '[]', now(), now()) returning id`;
  await sql`insert into budget_periods (budget_id, period_date, user_id, committed_usd) values (${Number(budget?.['id'])}, '2026-11-01', ${id}, 0.25)`;
  await remove(id);
  for (const table of ['ai_usage', 'interactions', 'budget_periods']) expect([table, await countOf(table, id)]).toEqual([table, 1]);
});

test('payments stay with their charge, premium is lost, and of the invoices only what was paid stays', async () => {
  const { id } = await knownUser();
  const [paid, unpaid] = ['0195b1c0-0000-4000-8000-000000000001', '0195b1c0-0000-4000-8000-000000000002'];
  for (const invoice of [paid, unpaid]) await createInvoice(db, { id: invoice, userId: id, stars: 250, sentAt: AT });
  await book(database, { userId: id, chargeId: 'kept', paidAt: AT, invoicePayload: paid });
  const payments = await paymentsOf(database, id);
  await remove(id);
  expect((await rowOf(id))?.premiumUntil).toBeNull();
  expect(await paymentsOf(database, id)).toEqual(payments);
  expect([...(await database.handle.sql`select id::text from invoices where user_id = ${id}`)]).toEqual([{ id: paid }]);
});

test('a payment of a deleted user can still be refunded, and gives no premium back to nobody', async () => {
  const { id } = await knownUser();
  await book(database, { userId: id, chargeId: 'first of two', paidAt: AT });
  await book(database, { userId: id, chargeId: 'second of two', paidAt: later(1) });
  await remove(id);
  expect(await recordRefund(db, { chargeId: 'first of two', refundedAt: later(9) })).toEqual({ status: 'refunded', premiumUntil: null });
  expect((await rowOf(id))?.premiumUntil).toBeNull();
  expect(await paymentsOf(database, id)).toMatchObject([{ charge: 'first of two', refunded_at: later(9) }, { refunded_at: null }]);
});

test('nothing is learnt any more of a deleted user, and no reading begun', async () => {
  const { id } = await knownUser();
  await remove(id);
  const ask = { userId: id, date: '2026-11-02', language: 'en', at: AT } as const;
  const gone = { code: 'not_found' };
  await expect(updateUser(db, id, { birthDate: BIRTH.date })).rejects.toMatchObject(gone);
  await expect(drawCardOfDay(db, cryptoRandomBelow, ask)).rejects.toMatchObject(gone);
  await expect(drawThreeCards(db, cryptoRandomBelow, { ...ask, updateId: null, question: 'Why?' })).rejects.toMatchObject(gone);
  await expect(openChart(db, { userId: id, birth: BIRTH, language: 'en', at: AT })).rejects.toMatchObject(gone);
  expect([await countOf('tarot_spreads', id), await countOf('natal_charts', id)]).toEqual([0, 0]);
});

test('a deletion waits for a reading that is being put down, and takes it along', async () => {
  const { id } = await knownUser();
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const writing = db.transaction(async (tx) => {
    await drawThreeCards(tx, cryptoRandomBelow, { userId: id, date: '2026-11-02', language: 'en', at: AT, updateId: null, question: 'Late?' });
    begun.resolve();
    await release.promise;
  });
  await begun.promise;
  const deletion = remove(id);
  await waitFor('the deletion to wait', async () => {
    const rows = await database.handle.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length > 0 ? true : null;
  });
  release.resolve();
  await Promise.all([writing, deletion]);
  expect(await countOf('tarot_spreads', id)).toBe(0);
});

test('a contact that meets the deletion finds the user before it or begins anew, and brings nothing back', async () => {
  for (let round = 0; round < 20; round += 1) {
    const before = await knownUser();
    const [, met] = await Promise.all([remove(before.id), upsertUser(db, contact(before.telegramUserId))]);
    expect(await rowOf(before.id)).toMatchObject({ birthDate: null, deletedAt: later(5) });
    if (met.id !== before.id) expect(met).toMatchObject({ telegramUserId: before.telegramUserId, birthDate: null });
  }
});

test('who has been deleted and blocks the bot is not put on record for it', async () => {
  const { id, telegramUserId } = await knownUser();
  await remove(id);
  expect(await recordBlockChange(db, { telegramUserId, at: later(9) }, true)).toBeNull();
  await markUserBlocked(db, id, later(9));
  expect(await findUser(db, telegramUserId)).toBeNull();
});
