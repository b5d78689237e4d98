import { DrizzleQueryError } from 'drizzle-orm';
import { BotError, type Context, GrammyError, HttpError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { classifyFailure, isMarkupRefusal } from '#server/bot/failure.ts';
import { pollDelayMs } from '#server/bot/intake/poll-delay.ts';
import { retryDelayMs } from '#server/bot/worker-options.ts';
import { AppError } from '#server/errors.ts';
import { classifyDatabaseFailure } from '#server/services/inbox/database-failure.ts';

const refusal = (code: number, description = 'refused', retryAfter?: number) => {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
  return new GrammyError('failed', { ok: false, error_code: code, description, ...parameters }, 'sendMessage', {});
};
const databaseError = (code: string) => new DrizzleQueryError('select 1', [], Object.assign(new Error('gone'), { code }));

describe('what a thrown error means', () => {
  test.each([
    [refusal(403, 'Forbidden: bot was blocked by the user'), 'user_blocked', false],
    [refusal(400, 'Bad Request: chat not found'), 'user_blocked', false],
    [refusal(400, 'Bad Request: message is too long'), 'telegram_failed', false],
    [refusal(401, 'Unauthorized'), 'telegram_failed', true],
    [refusal(429, 'Too Many Requests', 60), 'telegram_failed', true],
    [refusal(502, 'Bad Gateway'), 'telegram_failed', true],
    [new HttpError('Network request failed', new Error('ECONNRESET')), 'telegram_failed', true],
    [databaseError('ECONNREFUSED'), 'database_failed', true],
    [databaseError('57P01'), 'database_failed', true],
    [databaseError('40001'), 'database_failed', true],
    [databaseError('23505'), 'database_failed', false],
    [databaseError('22P02'), 'database_failed', false],
    [new AppError('not_found', 'gone'), 'internal', false],
    [new TypeError('x is not a function'), 'internal', false],
    ['a thrown text', 'internal', false],
  ])('%s', (error, errorType, isTransient) => {
    expect(classifyFailure(error)).toEqual({ errorType, isTransient });
  });

  test('the error inside grammY’s own wrapper counts', () => {
    const error = new BotError(refusal(403), {} as Context);
    expect(classifyFailure(error).errorType).toBe('user_blocked');
  });

  test('only a refusal of entities is a refusal of markup', () => {
    expect(isMarkupRefusal(refusal(400, "Bad Request: can't parse entities: Unsupported start tag"))).toBe(true);
    expect(isMarkupRefusal(refusal(400, 'Bad Request: message text is empty'))).toBe(false);
    expect(isMarkupRefusal(new Error("can't parse entities"))).toBe(false);
  });

  test('connection errors of the driver count without a query around them, others do not', () => {
    expect(classifyDatabaseFailure(Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' }))).toBe('transient');
    expect(classifyDatabaseFailure(Object.assign(new Error('slow'), { code: 'CONNECT_TIMEOUT' }))).toBe('transient');
    expect(classifyDatabaseFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBeNull();
    expect(classifyDatabaseFailure(undefined)).toBeNull();
  });
});

describe('waits', () => {
  test('a failed poll waits as long as Telegram says, and otherwise doubles up to 15 s', () => {
    expect(pollDelayMs(refusal(429, 'flood', 7), 1)).toBe(7_000);
    expect(pollDelayMs(refusal(429), 1)).toBe(1_000);
    expect(pollDelayMs(refusal(409), 1)).toBe(5_000);
    expect(pollDelayMs(refusal(401), 1)).toBe(60_000);
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => pollDelayMs(new Error('x'), failures))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
  });

  test('a failed update waits twice as long each time, up to a bound', () => {
    const options = { retryDelayMs: 100, retryDelayMaxMs: 350 };
    expect([1, 2, 3, 9].map((attempts) => retryDelayMs(attempts, options))).toEqual([100, 200, 350, 350]);
  });
});
