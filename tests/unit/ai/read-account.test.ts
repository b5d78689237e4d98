import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExchangeResult } from '#server/ai/exchange.ts';
import { readKey } from '#server/ai/get-key.ts';
import { readActivity } from '#server/ai/list-activity.ts';
import { toDecimalString } from '#server/lib/money.ts';

const body = (value: unknown): ExchangeResult => ({ kind: 'body', text: typeof value === 'string' ? value : JSON.stringify(value), generationId: null, isEventStream: false });
const NOTHING = { totalUsd: null, dailyUsd: null, weeklyUsd: null, monthlyUsd: null };

describe('readKey', () => {
  test('reads what was charged and what providers charged themselves, floats with an exponent too', () => {
    const data = `{"data":{"usage":25.5,"usage_daily":9.6e-06,"usage_weekly":0,"usage_monthly":0.1,"byok_usage":6e-7,"byok_usage_daily":0,"byok_usage_weekly":0.2,"byok_usage_monthly":1e-12}}`;
    expect(readKey(body(data))).toEqual({
      limitRemainingUsd: null,
      charged: { totalUsd: '25.5', dailyUsd: '0.0000096', weeklyUsd: '0', monthlyUsd: '0.1' },
      byok: { totalUsd: '0.0000006', dailyUsd: '0', weeklyUsd: '0.2', monthlyUsd: '0.000000000001' },
    });
  });

  test.each([undefined, null, '1.5', -0.01, 10_000_000, true, [1], {}])('takes %j for no amount, and not for nothing', (usage) => {
    expect(readKey(body({ data: { usage_daily: usage, byok_usage_monthly: usage } }))).toEqual({ limitRemainingUsd: null, charged: NOTHING, byok: NOTHING });
  });

  test('takes an endless number for no amount', () => expect(readKey(body('{"data":{"usage":1e999}}')).charged).toEqual(NOTHING));

  test('gives every amount of the ledger back as it was written, through a float', () => {
    const amounts = fc.bigInt({ min: 0n, max: 999_999_999_999_999n }).map((pico) => toDecimalString(`${pico}e-12`));
    fc.assert(fc.property(amounts, (usd) => readKey(body({ data: { usage_daily: Number(usd) } })).charged.dailyUsd === usd));
  });
});

describe('readActivity', () => {
  const ROW = { date: '2026-11-24', model: 'a/b', model_permaslug: 'a/b-1', usage: 0.5, byok_usage_inference: 6e-7, requests: 2, prompt_tokens: 3, completion_tokens: 4 };

  test('reads a row exactly, and the day of one that has a time', () => {
    const read = { date: '2026-11-24', model: 'a/b', permanentModel: 'a/b-1', usageUsd: '0.5', byokUsd: '0.0000006', requestCount: 2, promptTokens: 3, completionTokens: 4 };
    expect(readActivity(body({ data: [ROW] }))).toEqual([read]);
    expect(readActivity(body({ data: [{ ...ROW, date: '2026-11-24 00:00:00', model_permaslug: null }] }))).toEqual([{ ...read, permanentModel: 'a/b' }]);
  });

  test('reads an account without activity as such', () => expect(readActivity(body({ data: [] }))).toEqual([]));

  test.each([
    ['no cost', { usage: null }],
    ['a cost below zero', { usage: -1 }],
    ['a cost as text', { byok_usage_inference: '1' }],
    ['half a request', { requests: 1.5 }],
    ['a day that is none', { date: '2026-13-01' }],
    ['no model', { model: '' }],
  ])('takes an answer for spoilt that has one row with %s', (_name, change) => {
    const read = () => readActivity(body({ data: [ROW, { ...ROW, ...change }] }));
    expect(read).toThrow(expect.objectContaining({ code: 'unavailable', message: 'OpenRouter answers something else than its activity.' }));
  });

  test.each(['', '{}', '{"data":{}}', '<html>'])('takes %j for no answer', (text) => expect(() => readActivity(body(text))).toThrow(/something else/));
});
