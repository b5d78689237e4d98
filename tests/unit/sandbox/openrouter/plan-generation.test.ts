import { describe, expect, it } from 'vitest';
import { type ChatRequest, parseChatRequest } from '#server/sandbox/openrouter/chat-request.ts';
import { CATALOGUE, findModel } from '#server/sandbox/openrouter/model-catalogue.ts';
import { planGeneration } from '#server/sandbox/openrouter/plan-generation.ts';
import { priceGeneration } from '#server/sandbox/openrouter/price-generation.ts';
import { countTokens } from '#server/sandbox/openrouter/text/count-tokens.ts';
import { quantileAt } from '#server/sandbox/trace-shape.ts';

const NOW = new Date('2026-11-24T10:00:00.500Z');

function request(user: string, overrides: Record<string, unknown> = {}): ChatRequest {
  const parsed = parseChatRequest({
    model: 'openai/gpt-4o-mini',
    messages: [
      { role: 'system', content: 'Answer in English.' },
      { role: 'user', content: user },
    ],
    ...overrides,
  });
  if (!parsed.isValid) throw new Error(parsed.message);
  return parsed.request;
}

describe('planGeneration', () => {
  it('depends on seed and request alone, but for the id', () => {
    const { id: _first, ...one } = planGeneration(request('Leo'), 1, NOW);
    const { id: _second, ...same } = planGeneration(request('Leo'), 1, NOW);
    const { id: _third, ...other } = planGeneration(request('Leo'), 2, NOW);
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(_first).not.toBe(_second);
    expect(_first).toMatch(/^gen-1795514400-[A-Za-z0-9]{20}$/);
  });

  it('bills the tokens of the text that it sends', () => {
    const plan = planGeneration(request('Leo'), 1, NOW);
    expect(plan.completionTokens).toBe(countTokens(plan.text));
    expect(plan.price).toEqual(priceGeneration(request('Leo').model, plan.promptTokens, plan.completionTokens));
  });

  it('counts thought as a part of what was written', () => {
    const plan = planGeneration(request('Leo', { model: 'openai/gpt-5-mini' }), 1, NOW);
    expect(plan.reasoningTokens).toBeGreaterThan(0);
    expect(plan.completionTokens).toBe(countTokens(plan.text) + plan.reasoningTokens);
  });

  it('never exceeds the limit of the request and says when it was met', () => {
    for (let index = 0; index < 100; index += 1) {
      const plan = planGeneration(
        request(`Leo ${index}`, { max_tokens: 60, ...(index % 2 ? { model: 'openai/gpt-5-mini' } : {}) }),
        1,
        NOW,
      );
      expect(plan.completionTokens).toBeLessThanOrEqual(60);
      expect(countTokens(plan.text)).toBeLessThanOrEqual(60);
      expect(plan.finishReason).toBe(plan.completionTokens === 60 ? 'length' : plan.finishReason);
    }
  });

  it('has lengths of the shape of the trace', () => {
    const tokens = Array.from({ length: 400 }, (_, index) => planGeneration(request(`Leo ${index}`), 7, NOW).completionTokens).sort(
      (a, b) => a - b,
    );
    expect(quantileAt(tokens, 0.5)).toBeGreaterThan(100);
    expect(quantileAt(tokens, 0.5)).toBeLessThan(190);
    expect(quantileAt(tokens, 0.9)).toBeGreaterThan(380);
    expect(quantileAt(tokens, 0.9)).toBeLessThan(520);
  });
});

describe('parseChatRequest', () => {
  it("takes the first model of those named that exists, and the router's choice", () => {
    expect(request('x', { model: 'acme/x', models: ['openai/gpt-4o'] }).model.id).toBe('openai/gpt-4o');
    expect(request('x', { model: 'openrouter/auto' }).model.id).toBe('openai/gpt-4o-mini');
    expect(request('x', { model: 'openai/gpt-4o:nitro' }).model.id).toBe('openai/gpt-4o');
    expect(request('x', { model: undefined }).model.id).toBe('openai/gpt-4o-mini');
  });

  it('reads texts that come in parts, and either name of the limit', () => {
    const parts = request('', {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
      max_completion_tokens: 9,
    });
    expect(parts).toMatchObject({ user: 'a\nb', completionTokensMax: 9 });
  });

  it.each([
    undefined,
    {},
    { messages: [] },
    { messages: [{ role: 'king', content: 'x' }] },
    { messages: [{ role: 'user', content: 'x' }], max_tokens: 0 },
  ])('refuses %j', (body) => expect(parseChatRequest(body).isValid).toBe(false));
});

describe('the catalogue', () => {
  it('names every model once, with a price and a provider', () => {
    expect(new Set(CATALOGUE.map((model) => model.id)).size).toBe(CATALOGUE.length);
    for (const model of CATALOGUE) {
      expect(`${model.promptUsd} ${model.completionUsd}`).toMatch(/^0(\.\d+)? 0(\.\d+)?$/);
      expect(model.providers.length).toBeGreaterThan(0);
      expect(findModel(model.id)).toBe(model);
    }
  });

  it('is priced exactly', () => {
    const model = findModel('openai/gpt-oss-20b');
    expect(model && priceGeneration(model, 74, 21)).toEqual({
      promptUsd: '0.00000222',
      completionUsd: '0.00000294',
      totalUsd: '0.00000516',
    });
  });
});
