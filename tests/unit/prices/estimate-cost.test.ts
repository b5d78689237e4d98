import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateCost } from '#server/services/prices/estimate-cost.ts';

const prices = { promptUsd: '0.0000003', completionUsd: '0.0000025', requestUsd: '0', cachedPromptUsd: '0.000000075' };
const usage = (promptTokens: number, completionTokens: number, cachedPromptTokens = 0, reasoningTokens = 0) => ({ promptTokens, completionTokens, cachedPromptTokens, reasoningTokens });

test('prompt and completion tokens are priced apart', () => expect(estimateCost(usage(1_000, 200), prices)).toBe('0.000800000000'));
test('cached tokens are a part of the prompt, at their own price', () => expect(estimateCost(usage(1_000, 0, 400), prices)).toBe('0.000210000000'));
test('without a price of their own, cached tokens cost what prompt tokens cost', () => {
  expect(estimateCost(usage(1_000, 0, 400), { ...prices, cachedPromptUsd: null })).toBe('0.000300000000');
});
test('reasoning tokens are a part of the completion and are not added again', () => expect(estimateCost(usage(0, 100, 0, 90), prices)).toBe(estimateCost(usage(0, 100), prices)));
test('a request fee is added once', () => expect(estimateCost(usage(0, 0), { ...prices, requestUsd: '0.01' })).toBe('0.010000000000'));

test('the cost of a sum of usages is the sum of their costs', () => {
  const tokens = fc.integer({ min: 0, max: 1_000_000 });
  const anyUsage = fc.record({ promptTokens: tokens, completionTokens: tokens, reasoningTokens: fc.constant(0), cachedShare: fc.integer({ min: 0, max: 4 }) })
    .map(({ cachedShare, ...rest }) => ({ ...rest, cachedPromptTokens: Math.floor((rest.promptTokens * cachedShare) / 4) }));
  fc.assert(fc.property(anyUsage, anyUsage, (a, b) => {
    const both = { promptTokens: a.promptTokens + b.promptTokens, completionTokens: a.completionTokens + b.completionTokens, cachedPromptTokens: a.cachedPromptTokens + b.cachedPromptTokens, reasoningTokens: 0 };
    return new Big(estimateCost(a, prices)).plus(estimateCost(b, prices)).eq(estimateCost(both, prices));
  }));
});
