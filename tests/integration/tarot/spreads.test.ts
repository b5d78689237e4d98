import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { cryptoRandomBelow } from '#server/services/tarot/draw-cards.ts';
import { drawCardOfDay, drawThreeCards, findSpread, markSpreadDelivered, type SpreadAsk } from '#server/services/tarot/spreads.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const AT = new Date('2026-11-20T21:30:00Z');
let database: TestDatabase;
let db: Database;
let nextUpdateId = 1;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterAll(() => database.drop());

const ask = async (changes: Partial<SpreadAsk> = {}): Promise<SpreadAsk> => ({ userId: await seedUser(db), date: '2026-11-20', language: 'en', at: AT, ...changes });
const cardOfDay = (asked: SpreadAsk) => drawCardOfDay(db, cryptoRandomBelow, asked);
const threeCards = (asked: SpreadAsk, updateId: number | null, question = 'What now?') => drawThreeCards(db, cryptoRandomBelow, { ...asked, updateId, question });
const countSpreads = async (userId: number) => (await database.handle.sql`select 1 from tarot_spreads where user_id = ${userId}`).length;

test('twenty who ask for one user’s card of the day at once get one card', async () => {
  const asked = await ask();
  const spreads = await Promise.all(Array.from({ length: 20 }, () => cardOfDay(asked)));
  expect(new Set(spreads.map((spread) => JSON.stringify(spread))).size).toBe(1);
  expect(await countSpreads(asked.userId)).toBe(1);
});

test('the card of a day stays what it was, in the language in which it was drawn', async () => {
  const asked = await ask();
  const first = await cardOfDay(asked);
  expect(first).toMatchObject({ kind: 'card_of_day', date: '2026-11-20', createdAt: AT, text: null, deliveredAt: null, updateId: null, question: null });
  expect(await cardOfDay({ ...asked, language: 'ru', at: new Date(AT.getTime() + 1) })).toEqual(first);
});

test('another day is another card, and another user’s day is their own', async () => {
  const asked = await ask();
  const first = await cardOfDay(asked);
  const next = await cardOfDay({ ...asked, date: '2026-11-21' });
  const others = await cardOfDay(await ask());
  expect(new Set([first.id, next.id, others.id]).size).toBe(3);
});

test('an update that comes back, even several times at once, finds the three cards that were drawn for it', async () => {
  const asked = await ask();
  const updateId = nextUpdateId++;
  const [first, ...again] = await Promise.all(Array.from({ length: 10 }, () => threeCards(asked, updateId)));
  expect(again.every((spread) => JSON.stringify(spread) === JSON.stringify(first))).toBe(true);
  expect(await threeCards(asked, updateId, 'changed by an edit')).toEqual(first);
  expect(first?.cards).toHaveLength(3);
  expect(await countSpreads(asked.userId)).toBe(1);
});

test('each update has cards of its own, as often as a user asks on one day', async () => {
  const asked = await ask();
  for (let count = 0; count < 3; count += 1) await threeCards(asked, nextUpdateId++);
  await cardOfDay(asked);
  expect(await countSpreads(asked.userId)).toBe(4);
});

test('asks without an update never share cards', async () => {
  const asked = await ask();
  const [first, second] = [await threeCards(asked, null), await threeCards(asked, null)];
  expect(first.id).not.toBe(second.id);
});

test('a question is stored letter by letter', async () => {
  const asked = await ask();
  const question = `'; drop table users; -- <b>"Что"\n🔮 ${'я'.repeat(500)}`;
  expect((await threeCards(asked, nextUpdateId++, question)).question).toBe(question);
});

test('a spread is found by its owner and by nobody else', async () => {
  const [asked, stranger] = [await ask(), await ask()];
  const spread = await cardOfDay(asked);
  expect(await findSpread(db, asked.userId, spread.id)).toEqual(spread);
  expect(await findSpread(db, stranger.userId, spread.id)).toBeNull();
  expect(await findSpread(db, asked.userId, 0)).toBeNull();
});

test('a delivery is noted on that spread alone', async () => {
  const asked = await ask();
  const [card, three] = [await cardOfDay(asked), await threeCards(asked, nextUpdateId++)];
  await markSpreadDelivered(db, three.id, AT);
  expect((await findSpread(db, asked.userId, three.id))?.deliveredAt).toEqual(AT);
  expect((await findSpread(db, asked.userId, card.id))?.deliveredAt).toBeNull();
});
