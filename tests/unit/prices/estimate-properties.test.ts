import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUsd } from '#server/lib/money.ts';
import { estimateCost } from '#server/services/prices/estimate-cost.ts';

const DECIMALS = 12;
/** Prices as whole picodollars, so that the expected cost is whole numbers only. */
const pico = fc.bigInt({ min: 0n, max: 99_999_999n });
const tokens = fc.nat(2_000_000);
const usages = fc.record({ promptTokens: tokens, completionTokens: tokens, share: fc.nat(120) }).map(({ share, ...rest }) => ({
  ...rest, cachedPromptTokens: Math.floor((rest.promptTokens * share) / 100), reasoningTokens: Math.floor(rest.completionTokens / 2),
}));
const prices = fc.record({ prompt: pico, completion: pico, request: pico, cached: fc.option(pico, { nil: null }) });

const toUsd = (picoUsd: bigint) => `${picoUsd / 10n ** 12n}.${String(picoUsd % 10n ** 12n).padStart(DECIMALS, '0')}`;
type Prices = typeof prices extends fc.Arbitrary<infer T> ? T : never;
const listOf = ({ prompt, completion, request, cached }: Prices) => ({
  promptUsd: toUsd(prompt), completionUsd: toUsd(completion), requestUsd: toUsd(request), cachedPromptUsd: cached === null ? null : toUsd(cached),
});

test('the cost is exact to the last picodollar, with no more cached tokens than the prompt has', () => {
  fc.assert(
    fc.property(usages, prices, (usage, price) => {
      const cached = BigInt(Math.min(usage.cachedPromptTokens, usage.promptTokens));
      const fresh = BigInt(usage.promptTokens) - cached;
      const expected = fresh * price.prompt + cached * (price.cached ?? price.prompt) + BigInt(usage.completionTokens) * price.completion + price.request;
      expect(estimateCost(usage, listOf(price))).toBe(toUsd(expected));
    }),
  );
});

test('more tokens never cost less', () => {
  fc.assert(
    fc.property(usages, prices, fc.nat(1_000), fc.nat(1_000), (usage, price, prompt, completion) => {
      const more = { ...usage, promptTokens: usage.promptTokens + prompt, cachedPromptTokens: Math.min(usage.cachedPromptTokens, usage.promptTokens), completionTokens: usage.completionTokens + completion };
      expect(compareUsd(estimateCost(more, listOf(price)), estimateCost(usage, listOf(price)))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('what is cheaper cached costs less, and no reasoning is paid for twice', () => {
  fc.assert(
    fc.property(usages, prices, (usage, price) => {
      const list = { ...listOf(price), cachedPromptUsd: toUsd(price.prompt / 2n) };
      expect(compareUsd(estimateCost(usage, list), estimateCost({ ...usage, cachedPromptTokens: 0 }, list))).toBeLessThanOrEqual(0);
      expect(estimateCost({ ...usage, reasoningTokens: 0 }, list)).toBe(estimateCost(usage, list));
    }),
  );
});

test.each([
  ['0.0000000000004', '0.000000000000'],
  ['0.0000000000005', '0.000000000001'],
  ['3e-7', '0.000000300000'],
])('a price of %s for one token costs %s: half a picodollar is rounded up, and an exponent is a number', (promptUsd, expected) => {
  const list = { promptUsd, completionUsd: '0', requestUsd: '0', cachedPromptUsd: null };
  expect(estimateCost({ promptTokens: 1, completionTokens: 0, cachedPromptTokens: 0, reasoningTokens: 0 }, list)).toBe(expected);
});

test.each(['', 'free', 'NaN', 'Infinity', '-'])('a price that is no number (%j) is an error, not a cost of 0', (promptUsd) => {
  const list = { promptUsd, completionUsd: '0', requestUsd: '0', cachedPromptUsd: null };
  expect(() => estimateCost({ promptTokens: 0, completionTokens: 0, cachedPromptTokens: 0, reasoningTokens: 0 }, list)).toThrow();
});
