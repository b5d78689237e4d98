import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelPrices } from '#db/schema/index.ts';
import { PriceBook } from '#server/services/imports/price-book.ts';
import { findPrice } from '#server/services/prices/find-price.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const days = [1, 10, 20].map((day) => new Date(Date.UTC(2024, 0, day)));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const prices = ['a/b', 'c/d'].flatMap((model) => days.map((validFrom, index) => ({ model, validFrom, promptUsd: `0.00000${index + 1}`, completionUsd: '0' })));
  await database.handle.db.insert(modelPrices).values(prices);
});
afterAll(() => database.drop());

test('the book says what the price list says, at every instant', async () => {
  const { db } = database.handle;
  const book = new PriceBook(db, false);
  await book.load(new Set(['a/b', 'none/such']));
  for (const day of days) {
    for (const at of [-1, 0, 1].map((milliseconds) => new Date(day.getTime() + milliseconds))) {
      for (const model of ['a/b', 'none/such']) expect(book.find(model, at.getTime())).toEqual(await findPrice(db, model, at));
    }
  }
});

test('models are read once, and more can be added', async () => {
  const book = new PriceBook(database.handle.db, false);
  await book.load(new Set(['a/b']));
  await book.load(new Set(['a/b', 'c/d']));
  for (const model of ['a/b', 'c/d']) expect(book.find(model, Date.UTC(2024, 0, 15))?.promptUsd).toBe('0.000002000000');
});

test('a book that has grown too large forgets, and still answers for what is asked of it', async () => {
  const book = new PriceBook(database.handle.db, false);
  const many = (prefix: string) => new Set(Array.from({ length: 20_001 }, (_, index) => `${prefix}/${index}`));
  await book.load(new Set(['a/b']));
  await book.load(many('x'));
  await book.load(new Set(['c/d']));
  expect(book.find('a/b', Date.UTC(2024, 0, 15))).toBeNull();
  expect(book.find('c/d', Date.UTC(2024, 0, 15))?.promptUsd).toBe('0.000002000000');
});
