import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addUsd, compareUsd, parseDecimal } from '#server/lib/money.ts';
import type { ChatRequest } from '#server/sandbox/openrouter/chat-request.ts';
import { CATALOGUE, findModel } from '#server/sandbox/openrouter/model-catalogue.ts';
import { createGenerationId, planGeneration } from '#server/sandbox/openrouter/plan-generation.ts';
import { priceGeneration } from '#server/sandbox/openrouter/price-generation.ts';
import { countTokens } from '#server/sandbox/openrouter/text/count-tokens.ts';

const NOW = new Date('2026-11-24T10:00:00.500Z');
const model = fc.constantFrom(...CATALOGUE);
const words = fc.constantFrom('Horoscope for Leo', 'Гороскоп для знака Овен', 'Таро: Шут, Мир', 'Sun in Leo\nMoon in Aries', '', '🌙');
const request = fc
  .record({
    model,
    system: words,
    user: fc.oneof(words, fc.string({ unit: 'grapheme' })),
    completionTokensMax: fc.option(fc.integer({ min: 1, max: 1_500 })),
  })
  .map((parts): ChatRequest => ({ ...parts, requestedModel: parts.model.id, isStreamed: false, externalUser: null }));

describe('a planned generation', () => {
  test('bills for every request the tokens of what it sends and of what it thought, within the limit', () => {
    fc.assert(
      fc.property(request, fc.nat(), (asked, seed) => {
        const plan = planGeneration(asked, seed, NOW);
        expect(plan.completionTokens).toBe(countTokens(plan.text) + plan.reasoningTokens);
        expect(plan.completionTokens).toBeLessThanOrEqual(asked.completionTokensMax ?? Infinity);
        expect(plan.reasoningTokens > 0).toBe(asked.model.hasReasoning);
        expect(plan.price).toEqual(priceGeneration(asked.model, plan.promptTokens, plan.completionTokens));
      }),
    );
  });

  test('says that it was cut only at exactly its limit, and is never an empty text that claims to be whole', () => {
    fc.assert(
      fc.property(request, fc.nat(), (asked, seed) => {
        const plan = planGeneration(asked, seed, NOW);
        if (plan.finishReason === 'length') expect(plan.completionTokens).toBe(asked.completionTokensMax);
        else expect(plan.text).not.toBe('');
        if (asked.completionTokensMax === null) expect(plan.finishReason).toBe('stop');
      }),
    );
  });

  test('comes from a provider of its model and takes a time that a model could take', () => {
    fc.assert(
      fc.property(request, fc.nat(), (asked, seed) => {
        const plan = planGeneration(asked, seed, NOW);
        expect(asked.model.providers).toContain(plan.provider);
        expect([plan.latencyMs, plan.generationTimeMs].every((ms) => Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
        expect(plan.latencyMs).toBeGreaterThanOrEqual(250);
        const tokensPerSecond = plan.completionTokens / (plan.generationTimeMs / 1_000);
        if (plan.completionTokens > 50) expect(tokensPerSecond).toSatisfy((speed: number) => speed > 44 && speed < 162);
      }),
    );
  });

  test('is the same whenever it is asked for, but for the second in its id', () => {
    fc.assert(
      fc.property(request, fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (asked, at) => {
        const { id, createdAtSeconds, ...plan } = planGeneration(asked, 1, at);
        expect(planGeneration(asked, 1, NOW)).toMatchObject(plan);
        expect(createdAtSeconds).toBe(Math.floor(at.getTime() / 1_000));
        expect(id.startsWith(`gen-${createdAtSeconds}-`)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('has an id of its own among ten thousand of the same second', () => {
    const ids = Array.from({ length: 10_000 }, () => createGenerationId(1_795_514_400));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^gen-1795514400-[A-Za-z0-9]{20}$/.test(id))).toBe(true);
  });
});

describe('the price of a generation', () => {
  const tokens = fc.integer({ min: 0, max: 2_000_000 });

  test('is the sum of its parts, and to the last digit what so many tokens cost one by one', () => {
    fc.assert(
      fc.property(model, tokens, tokens, (priced, promptTokens, completionTokens) => {
        const { promptUsd, completionUsd, totalUsd } = priceGeneration(priced, promptTokens, completionTokens);
        expect(totalUsd).toBe(addUsd(promptUsd, completionUsd));
        expect(parseDecimal(promptUsd).eq(parseDecimal(priced.promptUsd).times(promptTokens))).toBe(true);
        expect(parseDecimal(completionUsd).eq(parseDecimal(priced.completionUsd).times(completionTokens))).toBe(true);
      }),
    );
  });

  test('never falls with more tokens, and does not care whether they are billed at once or in two goes', () => {
    fc.assert(
      fc.property(model, tokens, tokens, (priced, one, two) => {
        const together = priceGeneration(priced, one + two, one + two).totalUsd;
        const apart = addUsd(priceGeneration(priced, one, one).totalUsd, priceGeneration(priced, two, two).totalUsd);
        expect(together).toBe(apart);
        expect(compareUsd(together, priceGeneration(priced, one, one).totalUsd)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('findModel', () => {
  test('serves a model also under a suffix that changes the routing, and under no other', () => {
    fc.assert(
      fc.property(model, fc.constantFrom('nitro', 'floor', 'online', 'exacto'), fc.stringMatching(/^[a-z]{1,6}$/), (listed, suffix, other) => {
        expect(findModel(`${listed.id}:${suffix}`)).toBe(listed);
        fc.pre(!['nitro', 'floor', 'online', 'exacto', 'free'].includes(other));
        expect(findModel(`${listed.id}:${other}`)).toBeUndefined();
        expect(findModel(listed.id.toUpperCase())).toBeUndefined();
      }),
    );
  });
});
