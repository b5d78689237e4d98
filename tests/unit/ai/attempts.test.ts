import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BREAKER_FAILURES_MAX, Breakers } from '#server/ai/breakers.ts';
import { ATTEMPTS_MAX, nextStep, RETRY_AFTER_PATIENCE_MS } from '#server/ai/next-step.ts';
import { readRetryAfterMs } from '#server/ai/retry-after.ts';
import { createRunAttempts, type AttemptBook } from '#server/ai/run-attempts.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { ANSWER_LENGTH_MIN, validateAnswer } from '#server/ai/validate-answer.ts';
import { AI_ERROR_TYPES, type AiErrorType } from '#server/contracts/vocabulary.ts';

afterEach(() => void vi.useRealTimers());

const trace = { durationMs: 1, generationId: null, responseModel: null, provider: null, finishReason: 'stop', usage: null, bill: null };
const failed = (errorType: AiErrorType, wasBilled: 'no' | 'yes' | 'unknown' = 'no', retryAfterMs?: number): LlmOutcome => ({
  kind: 'failed', errorType, wasBilled, detail: '', httpStatus: 500, ...trace, ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const answered = (text = 'The Star promises calm after a storm, and asks for patience.'): LlmOutcome => ({ kind: 'answered', text, ...trace });
const step = (outcome: LlmOutcome, overrides = {}) => nextStep({ outcome, rejection: null, numberWithModel: 1, hasNextModel: true, ...overrides }, () => 0.5);

describe('what follows a failure', () => {
  test.each(AI_ERROR_TYPES)('%s that may have been billed is never sent again', (errorType) => {
    expect(step(failed(errorType, 'unknown'))).toEqual({ kind: 'give_up' });
  });
  test.each(['rate_limited', 'provider_error', 'connection', 'timeout', 'error_in_body', 'empty_response'] as const)('%s is tried twice, then the next model', (errorType) => {
    expect(step(failed(errorType)).kind).toBe('retry');
    expect(step(failed(errorType), { numberWithModel: 2 }).kind).toBe('next_model');
    expect(step(failed(errorType), { numberWithModel: 2, hasNextModel: false }).kind).toBe('give_up');
  });
  test.each(['forbidden', 'not_found', 'bad_request', 'circuit_open', 'refused'] as const)('%s goes to the next model at once', (errorType) => {
    expect(step(failed(errorType))).toEqual({ kind: 'next_model', waitMs: 0 });
  });
  test.each(['unauthorized', 'payment_required', 'interrupted'] as const)('%s ends the reading', (errorType) => {
    expect(step(failed(errorType))).toEqual({ kind: 'give_up' });
  });
  test('a wish to wait is granted up to our patience, and is never undercut', () => {
    expect(step(failed('rate_limited', 'no', RETRY_AFTER_PATIENCE_MS))).toEqual({ kind: 'retry', waitMs: RETRY_AFTER_PATIENCE_MS });
    expect(step(failed('rate_limited', 'no', RETRY_AFTER_PATIENCE_MS + 1))).toEqual({ kind: 'next_model', waitMs: 0 });
  });
  test('a rejected text is asked for again without waiting', () => {
    expect(step(answered(), { rejection: 'too_short' })).toEqual({ kind: 'retry', waitMs: 0 });
  });
});

describe('the language and length of a text', () => {
  const russian = 'Звёзды обещают покой после бури и просят терпения.';
  const english = 'The Star promises calm after a storm, and asks for patience.';
  test('passes in its language, names in another script included', () => {
    expect(validateAnswer(`${russian} The Star.`, 'stop', 'ru')).toBeNull();
    expect(validateAnswer(`${english} Звезда.`, 'stop', 'en')).toBeNull();
  });
  test('is rejected in the other, and where a filter spoke', () => {
    expect([validateAnswer(english, 'stop', 'ru'), validateAnswer(russian, 'stop', 'en'), validateAnswer(english, 'content_filter', 'en')]).toEqual(['wrong_language', 'wrong_language', 'refused']);
  });
  test('property: what is shorter than the shortest reading, or has no letters, is too short', () => {
    fc.assert(fc.property(fc.string({ maxLength: ANSWER_LENGTH_MIN - 1 }), (text) => validateAnswer(text, 'stop', 'en') === 'too_short'));
    expect(validateAnswer('1 2 3 — … 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20', 'stop', 'en')).toBe('too_short');
  });
});

test.each([
  ['2', 2_000], ['0', 0], ['1.5', 1_500], ['Thu, 01 Jan 1970 00:00:10 GMT', 10_000], ['Thu, 01 Jan 1970 00:00:00 GMT', 0], ['99999999', 3_600_000], ['soon', null], ['', null], ['-5', null],
])('Retry-After %s means %s ms', (value, expected) => {
  const waitMs = readRetryAfterMs(new Headers(value === '' ? {} : { 'retry-after': value }), 0);
  // A negative number is read as a date by some engines: never a wait below zero.
  if (value === '-5') expect(waitMs === null || waitMs >= 0).toBe(true);
  else expect(waitMs).toBe(expected);
});

test('a breaker opens after failures in a row, lets one call try after a while, and closes when that goes well', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const breakers = new Breakers(40);
  const fail = () => breakers.call('v/m', async () => failed('provider_error'));
  for (let count = 0; count < BREAKER_FAILURES_MAX; count += 1) expect(await fail()).toMatchObject({ errorType: 'provider_error' });
  expect(await fail()).toMatchObject({ errorType: 'circuit_open', wasBilled: 'no' });
  expect(await breakers.call('v/other', async () => answered())).toMatchObject({ kind: 'answered' });
  vi.setSystemTime(Date.now() + 39);
  expect(await fail()).toMatchObject({ errorType: 'circuit_open' });
  vi.setSystemTime(Date.now() + 1);
  expect(await breakers.call('v/m', async () => answered())).toMatchObject({ kind: 'answered' });
  expect(await fail()).toMatchObject({ errorType: 'provider_error' });
});

test('failures that are not the model\'s open no breaker', async () => {
  const breakers = new Breakers(10_000);
  for (let count = 0; count < 20; count += 1) await breakers.call('v/m', async () => failed(count % 2 ? 'unauthorized' : 'bad_request'));
  expect(await breakers.call('v/m', async () => answered())).toMatchObject({ kind: 'answered' });
});

test('property: every attempt is reserved before it is made and settled once, whatever happens, and there are at most four', async () => {
  const outcomes = fc.constantFrom<LlmOutcome>(answered(), answered('short'), ...AI_ERROR_TYPES.map((type) => failed(type)), failed('timeout', 'unknown'), failed('empty_response', 'yes'));
  await fc.assert(
    fc.asyncProperty(fc.array(outcomes, { minLength: 8, maxLength: 8 }), fc.integer({ min: 1, max: 3 }), async (planned, modelCount) => {
      const log: string[] = [];
      let call = 0;
      const book: AttemptBook<'limit'> = {
        reserve: async ({ number, model }) => {
          log.push(`reserve ${number}`);
          return { kind: 'granted', permit: { requestId: String(number), number, model, completionTokensMax: 10 } };
        },
        noteGenerationId: async () => undefined,
        settle: async ({ number }) => void log.push(`settle ${number}`),
      };
      const generate = async () => {
        log.push('call');
        return planned[call++] ?? answered();
      };
      const run = createRunAttempts({ generate, sleep: async () => undefined, random: () => 0 });
      const models = Array.from({ length: modelCount }, (_, index) => `v/${index}`);
      const result = await run({ operation: 'horoscope', language: 'en', prompt: { system: '', user: '', completionTokensMax: 10 }, models, userTag: null }, book);
      const count = log.filter((line) => line === 'call').length;
      expect(count).toBeLessThanOrEqual(ATTEMPTS_MAX);
      expect(log).toEqual(Array.from({ length: count }, (_, index) => [`reserve ${index + 1}`, 'call', `settle ${index + 1}`]).flat());
      expect(result.kind === 'answered').toBe(planned[count - 1]?.kind === 'answered' && planned[count - 1] !== undefined && validateAnswer((planned[count - 1] as { text: string }).text, 'stop', 'en') === null);
    }),
  );
});
