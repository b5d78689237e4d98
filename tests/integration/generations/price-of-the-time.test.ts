import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { modelPrices, type NewModelPrice } from '#db/schema/index.ts';
import type { LlmOutcome, LlmUsage } from '#server/ai/types.ts';
import { estimateCost } from '#server/services/prices/estimate-cost.ts';
import { estimateUsage } from '#server/services/prices/estimate-usage.ts';
import { findPrice } from '#server/services/prices/find-price.ts';
import { openPriceBook } from '#server/services/prices/price-book.ts';
import { recordPrices } from '#server/services/prices/record-prices.ts';
import { refreshPrices } from '#server/services/prices/refresh-prices.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startTestOpenRouter } from '#tests/support/openrouter.ts';

const hour = (count: number) => new Date(Date.UTC(2026, 0, 1, count));
const usage: LlmUsage = { promptTokens: 1_000, completionTokens: 100, cachedPromptTokens: 0, reasoningTokens: 0 };
const outcomeOf = (changes: Partial<Pick<LlmOutcome, 'usage' | 'responseModel'>>): LlmOutcome => ({
  kind: 'answered', text: 'The Star', durationMs: 1, generationId: null, responseModel: null, provider: null, finishReason: 'stop', usage, bill: null, ...changes,
});
const priced = (model: string, promptUsd: string, more: Partial<NewModelPrice> = {}) => ({ model, promptUsd, completionUsd: '0.000002', requestUsd: '0', cachedPromptUsd: null, ...more });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.handle.sql`truncate model_prices`);
const db = () => database.handle.db;

test('property: the price of an instant is the last one that began by then, whatever began later', async () => {
  const history = fc.uniqueArray(fc.record({ at: fc.integer({ min: 1, max: 40 }), cents: fc.integer({ min: 0, max: 99 }) }), { selector: ({ at }) => at, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.integer({ min: 0, max: 41 }), { minLength: 1, maxLength: 6 }), async (prices, instants) => {
      await database.handle.sql`truncate model_prices`;
      const rows = prices.map(({ at, cents }) => ({ ...priced('a/b', `0.${String(cents).padStart(2, '0')}`), validFrom: hour(at) }));
      if (rows.length > 0) await db().insert(modelPrices).values([...rows, { ...priced('c/d', '9'), validFrom: hour(0) }]);
      for (const at of instants) {
        const valid = prices.filter((price) => price.at <= at).toSorted((a, b) => a.at - b.at).at(-1);
        const price = await findPrice(db(), 'a/b', hour(at));
        expect(price === null ? null : Math.round(Number(price.promptUsd) * 100)).toBe(valid?.cents ?? null);
      }
    }),
    { numRuns: 25 },
  );
});

test('an attempt is estimated by the price of its start, though another holds when it ends', async () => {
  await recordPrices(db(), [priced('a/b', '0.001')], hour(1));
  await recordPrices(db(), [priced('a/b', '0.5')], hour(2));
  expect(await estimateUsage(db(), outcomeOf({}), 'a/b', hour(1))).toBe('1.000200000000');
  expect(await estimateUsage(db(), outcomeOf({}), 'a/b', hour(2))).toBe('500.000200000000');
});

test('the model that served is what is paid for; one without a price falls back to the one that was asked for', async () => {
  await recordPrices(db(), [priced('a/asked', '0.001'), priced('a/served', '0.002')], hour(1));
  const estimate = (responseModel: string | null) => estimateUsage(db(), outcomeOf({ responseModel }), 'a/asked', hour(3));
  expect(await estimate('a/served')).toBe('2.000200000000');
  expect(await estimate('a/unheard-of')).toBe('1.000200000000');
  expect(await estimate(null)).toBe('1.000200000000');
});

test('without usage, without any price, or before the first price, nothing is estimated, and least of all 0', async () => {
  await recordPrices(db(), [priced('a/b', '0.001')], hour(5));
  expect(await estimateUsage(db(), outcomeOf({ usage: null }), 'a/b', hour(6))).toBeNull();
  expect(await estimateUsage(db(), outcomeOf({}), 'no/price', hour(6))).toBeNull();
  expect(await estimateUsage(db(), outcomeOf({}), 'a/b', hour(4))).toBeNull();
});

test('a model that costs nothing is on record as such, which is not the same as not known', async () => {
  await recordPrices(db(), [priced('free/model', '0', { completionUsd: '0' })], hour(1));
  expect(await estimateUsage(db(), outcomeOf({}), 'free/model', hour(2))).toBe('0.000000000000');
});

test.each([
  ['prompt', { promptUsd: '0.002' }],
  ['completion', { completionUsd: '0.003' }],
  ['request', { requestUsd: '0.01' }],
  ['cached prompt, for the first time', { cachedPromptUsd: '0.0001' }],
])('a change of the %s price alone is a new price, the same list again is none', async (_what, change) => {
  const before = priced('a/b', '0.001');
  expect(await recordPrices(db(), [before], hour(1))).toBe(1);
  expect(await recordPrices(db(), [{ ...before, ...change }], hour(2))).toBe(1);
  expect(await recordPrices(db(), [{ ...before, ...change }], hour(3))).toBe(0);
  expect(await recordPrices(db(), [before], hour(4))).toBe(1);
  expect(await db().$count(modelPrices)).toBe(3);
});

test('a model that left the list keeps its last price, and an empty list changes nothing', async () => {
  await recordPrices(db(), [priced('a/gone', '0.001'), priced('a/stays', '0.001')], hour(1));
  expect(await recordPrices(db(), [priced('a/stays', '0.001')], hour(2))).toBe(0);
  expect(await recordPrices(db(), [], hour(3))).toBe(0);
  expect((await findPrice(db(), 'a/gone', hour(9)))?.promptUsd).toBe('0.001000000000');
});

test('property: no usage within the limits costs more than the bound that was reserved for it, known model or not', async () => {
  const usd = fc.integer({ min: 0, max: 9_999 }).map((value) => `0.0000${String(value).padStart(4, '0')}`);
  const anyPrice = fc.record({ promptUsd: usd, completionUsd: usd, requestUsd: usd, cachedPromptUsd: fc.option(usd, { nil: null }) });
  const tokens = fc.nat(5_000);
  const share = fc.constantFrom(0, 33, 100);
  await fc.assert(
    fc.asyncProperty(fc.array(anyPrice, { minLength: 1, maxLength: 4 }), tokens, tokens, share, share, async (prices, promptMax, completionMax, usedShare, cachedShare) => {
      await database.handle.sql`truncate model_prices`;
      await db().insert(modelPrices).values(prices.map((price, index) => ({ ...price, model: `m/${index}`, validFrom: hour(0) })));
      const book = await openPriceBook(db(), [...prices.map((_, index) => `m/${index}`), 'm/unknown'], hour(1));
      const promptTokens = Math.floor((promptMax * usedShare) / 100);
      const used = { promptTokens, completionTokens: Math.floor((completionMax * usedShare) / 100), cachedPromptTokens: Math.floor((promptTokens * cachedShare) / 100), reasoningTokens: 0 };
      prices.forEach((price, index) => {
        const cost = new Big(estimateCost(used, price));
        for (const model of [`m/${index}`, 'm/unknown']) expect(cost.lte(book.boundUsd(model, promptMax, completionMax) ?? '-1')).toBe(true);
      });
    }),
    { numRuns: 60 },
  );
});

test('where no price is known at all there is no bound, rather than a bound of nothing', async () => {
  expect((await openPriceBook(db(), ['a/b'], hour(1))).boundUsd('a/b', 100, 100)).toBeNull();
});

test('a price list that cannot be asked for leaves what is on record', async () => {
  const openRouter = await startTestOpenRouter();
  const deps = { db: db(), llm: openRouter.client(), clock: systemClock };
  expect(await refreshPrices(deps)).toBeGreaterThan(0);
  const count = await db().$count(modelPrices);
  await openRouter.addFault({ mode: '500', target: 'models', times: 9 });
  await expect(refreshPrices(deps)).rejects.toThrow();
  await openRouter.clearFaults();
  expect(await refreshPrices(deps)).toBe(0);
  expect(await db().$count(modelPrices)).toBe(count);
  await openRouter.close();
});
