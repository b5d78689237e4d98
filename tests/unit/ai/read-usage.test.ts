import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsage, TOKEN_COUNT_MAX } from '#server/ai/read-usage.ts';

describe('readUsage', () => {
  it('reads counts and their parts', () => {
    const usage = {
      prompt_tokens: 74,
      completion_tokens: 21,
      total_tokens: 95,
      prompt_tokens_details: { cached_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    expect(readUsage(usage)).toEqual({
      usage: { promptTokens: 74, completionTokens: 21, cachedPromptTokens: 10, reasoningTokens: 2 },
      problem: null,
    });
  });

  it('takes absent details for none', () => {
    const expected = { promptTokens: 1, completionTokens: 2, cachedPromptTokens: 0, reasoningTokens: 0 };
    expect(readUsage({ prompt_tokens: 1, completion_tokens: 2 }).usage).toEqual(expected);
    const withNulls = {
      prompt_tokens: 1,
      completion_tokens: 2,
      prompt_tokens_details: null,
      completion_tokens_details: { reasoning_tokens: null },
    };
    expect(readUsage(withNulls).usage).toEqual(expected);
  });

  it('is silent when no usage came and complains when garbage came', () => {
    expect(readUsage(undefined)).toEqual({ usage: null, problem: null });
    expect(readUsage(null)).toEqual({ usage: null, problem: null });
    expect(readUsage('many')).toEqual({ usage: null, problem: 'usage is not an object' });
    expect(readUsage([]).problem).toBe('usage is not an object');
  });

  it.each([-1, 1.5, '12', null, undefined, 1e308, Number.NaN, TOKEN_COUNT_MAX + 1, {}])('does not believe a count of %j', (count) => {
    expect(readUsage({ prompt_tokens: count, completion_tokens: 1 }).usage).toBeNull();
    expect(readUsage({ prompt_tokens: 1, completion_tokens: count }).usage).toBeNull();
  });

  it('does not believe parts that are larger than their whole, or no counts', () => {
    const base = { prompt_tokens: 5, completion_tokens: 5 };
    expect(readUsage({ ...base, prompt_tokens_details: { cached_tokens: 6 } }).usage).toBeNull();
    expect(readUsage({ ...base, completion_tokens_details: { reasoning_tokens: 6 } }).usage).toBeNull();
    expect(readUsage({ ...base, completion_tokens_details: { reasoning_tokens: 'x' } }).usage).toBeNull();
    expect(readUsage({ ...base, prompt_tokens_details: 'x' }).usage).toBeNull();
  });

  it('gives safe whole numbers or nothing for whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { usage } = readUsage(value);
        for (const count of Object.values(usage ?? {}))
          expect(Number.isSafeInteger(count) && count >= 0 && count <= TOKEN_COUNT_MAX).toBe(true);
      }),
    );
  });
});
