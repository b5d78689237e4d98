import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPrice } from '#server/services/prices/find-price.ts';
import { recordPrices } from '#server/services/prices/record-prices.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const price = (model: string, promptUsd: string) => ({ model, promptUsd, completionUsd: '0.000002', requestUsd: '0', cachedPromptUsd: null });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('only prices that changed are appended, and the past keeps its price', async () => {
  const { db } = database.handle;
  expect(await recordPrices(db, [price('a/one', '0.000001'), price('a/two', '0.000001')], at(1))).toBe(2);
  expect(await recordPrices(db, [price('a/one', '0.00000100'), price('a/two', '0.000003')], at(10))).toBe(1);
  expect((await findPrice(db, 'a/two', at(5)))?.promptUsd).toBe('0.000001000000');
  expect((await findPrice(db, 'a/two', at(11)))?.promptUsd).toBe('0.000003000000');
});

test('before the first known price there is none', async () => {
  expect(await findPrice(database.handle.db, 'a/one', new Date(Date.UTC(2025, 11, 31)))).toBeNull();
});

test('two processes that refresh at the same instant do no harm', async () => {
  const { db } = database.handle;
  await Promise.all([1, 2, 3].map(() => recordPrices(db, [price('b/one', '0.000004')], at(20))));
  expect((await findPrice(db, 'b/one', at(21)))?.promptUsd).toBe('0.000004000000');
});
