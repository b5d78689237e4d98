import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GENERATIONS_LIMIT_MAX, GetGenerationInput, ListGenerationsInput } from '#server/contracts/generations.ts';

const messages = (input: unknown) => ListGenerationsInput.safeParse(input).error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];

test('no filter at all is accepted, and so are all at once', () => {
  const all = {
    range: '24h', operation: 'tarot_card', model: '~google/gemini-2.5-flash:free', user: 17, status: 'settled', disposition: 'rejected', errorType: 'too_short',
    costSource: 'lookup', minUsd: '0.000000000001', maxUsd: '12345678.9', cursor: 'YWJj', limit: GENERATIONS_LIMIT_MAX,
  };
  expect(ListGenerationsInput.parse({})).toEqual({});
  expect(ListGenerationsInput.parse(all)).toEqual(all);
});

test.each([
  ['an unknown status', { status: 'paid' }, /^status /],
  ['an unknown disposition', { disposition: 'lost' }, /^disposition /],
  ['an unknown error type', { errorType: 'gremlins' }, /^errorType /],
  ['an unknown cost source', { costSource: 'guess' }, /^costSource /],
  ['a user that is no number', { user: '17' }, /^user /],
  ['a user below one', { user: 0 }, /^user /],
  ['a user beyond exact numbers', { user: 2 ** 53 }, /^user /],
  ['an operation with SQL in it', { operation: `x' or '1'='1` }, /^operation must be a name/],
  ['a model with a NUL byte', { model: 'a/b\u0000' }, /^model must be a name/],
  ['a negative bound', { minUsd: '-1' }, /^minUsd must be a decimal/],
  ['a bound with an exponent', { maxUsd: '1e-6' }, /^maxUsd must be a decimal/],
  ['a bound as a number', { minUsd: 0.1 }, /^minUsd /],
  ['thirteen decimal places', { minUsd: '0.0000000000001' }, /^minUsd must be a decimal/],
  ['nine digits before the point', { maxUsd: '123456789' }, /^maxUsd must be a decimal/],
  ['bounds that cross', { minUsd: '0.2', maxUsd: '0.1' }, /^minUsd must be at most maxUsd$/],
  ['a cursor with spaces', { cursor: 'a b' }, /^cursor is not one that this list gave out$/],
  ['no rows at all', { limit: 0 }, /^limit /],
  ['too many rows', { limit: GENERATIONS_LIMIT_MAX + 1 }, /^limit /],
  ['a wrong range', { range: '9y' }, /^range must be one of/],
  ['half a range', { from: '2026-02-01T00:00:00Z' }, /^to is missing/],
])('%s is refused in words', (_name, input, message) => {
  expect(messages(input)).toEqual([expect.stringMatching(message)]);
});

test('bounds are compared as amounts, not as text', () => {
  const pico = fc.bigInt({ min: 0n, max: 10n ** 20n - 1n });
  const toText = (value: bigint) => `${value / 10n ** 12n}.${(value % 10n ** 12n).toString().padStart(12, '0')}`;
  /** Zeros that say nothing are left out. */
  const shorten = (text: string) => text.replace(/\.?0+$/, '');
  fc.assert(
    fc.property(pico, pico, (min, max) => {
      const isAllowed = ListGenerationsInput.safeParse({ minUsd: shorten(toText(min)) || '0', maxUsd: toText(max) }).success;
      return isAllowed === min <= max;
    }),
  );
});

test.each(['', 'latest', '0198-1', '00000000-0000-0000-0000-00000000000g'])('%j is no id of a request', (requestId) => {
  expect(GetGenerationInput.safeParse({ requestId }).success).toBe(false);
});
