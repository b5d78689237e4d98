import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelPrices } from '#db/schema/index.ts';
import { loadConfig } from '#server/config.ts';
import { PRICE_HISTORY_LENGTH_MAX, PriceHistory, PriceList } from '#server/contracts/prices.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getPriceHistory } from '#server/services/reports/get-price-history.ts';
import { listPrices } from '#server/services/reports/list-prices.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const { models } = loadConfig({ AI_MODEL: 'set/usual', AI_MODEL_NATAL_CHART: 'set/special' });

let database: TestDatabase;
const deps = () => ({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' });
const list = (input = {}) => listPrices(deps(), models, input);
const history = (model: string) => getPriceHistory(deps(), { model });

async function seedPrice(model: string, validFrom: Date, promptUsd: string, cachedPromptUsd: string | null = null): Promise<void> {
  await database.handle.db.insert(modelPrices).values({ model, validFrom, promptUsd, completionUsd: '0.0000025', cachedPromptUsd });
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database.handle;
  await seedPrice('set/usual', hoursAgo(300), '0.0000003', '0.000000075');
  await seedPrice('set/usual', hoursAgo(10), '0.0000004');
  await seedPrice('set/usual', hoursAgo(-10), '0.0000009');
  await seedPrice('served/instead', hoursAgo(50), '0.0000001');
  await seedPrice('never/used', hoursAgo(50), '0.000001');
  await seedGeneration(db, { startedAt: hoursAgo(1), model: 'set/usual', responseModel: 'served/instead' });
  await seedGeneration(db, { startedAt: hoursAgo(2), model: 'set/usual', responseModel: 'set/usual' });
  await seedGeneration(db, { startedAt: hoursAgo(3), model: 'un/priced' });
  await seedGeneration(db, { startedAt: hoursAgo(24 * 20), model: 'long/ago' });
});
afterAll(() => database.drop());

test('the list holds the configured models and those that were asked for or served in the range, each once', async () => {
  const told = PriceList.parse(await list());
  expect(told.models.map(({ model, attemptCount }) => [model, attemptCount])).toEqual([
    ['set/usual', 2],
    ['set/special', 0],
    ['served/instead', 1],
    ['un/priced', 1],
  ]);
  expect((await list({ range: '30d' })).models.map(({ model }) => model)).toContain('long/ago');
});

test('a configured model names the operations that ask for it', async () => {
  const told = await list();
  expect(told.models.slice(0, 3).map(({ operations }) => operations)).toEqual([['horoscope', 'tarot_card', 'tarot_three_cards'], ['natal_chart'], []]);
});

test('the price is the one valid now: neither an older nor one that is still to come', async () => {
  const [usual] = (await list()).models;
  expect(usual?.price).toEqual({
    validFrom: hoursAgo(10).toISOString(), promptUsd: '0.000000400000', completionUsd: '0.000002500000', requestUsd: '0.000000000000', cachedPromptUsd: null,
  });
});

test('a model without a price on record has none, and not one of zero', async () => {
  expect((await list()).models.find(({ model }) => model === 'un/priced')?.price).toBeNull();
});

test('the history of a model is told from the newest price on, and of no other model', async () => {
  const told = PriceHistory.parse(await history('set/usual'));
  expect(told.prices.map(({ promptUsd, cachedPromptUsd }) => [promptUsd, cachedPromptUsd])).toEqual([
    ['0.000000900000', null],
    ['0.000000400000', null],
    ['0.000000300000', '0.000000075000'],
  ]);
  expect(told.totalCount).toBe(3);
});

test('a model that is not on record has an empty history', async () => {
  expect(await history('nobody/knows')).toMatchObject({ prices: [], totalCount: 0 });
});

test('a long history is cut and says how long it is', async () => {
  const rows = Array.from({ length: PRICE_HISTORY_LENGTH_MAX + 5 }, (_, index) => ({
    model: 'ever/changing', validFrom: hoursAgo(index), promptUsd: '0.000001', completionUsd: '0.000002',
  }));
  await database.handle.db.insert(modelPrices).values(rows);
  const told = await history('ever/changing');
  expect(told.prices).toHaveLength(PRICE_HISTORY_LENGTH_MAX);
  expect(told.totalCount).toBe(PRICE_HISTORY_LENGTH_MAX + 5);
});
