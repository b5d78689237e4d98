import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretCheck } from '#server/lib/secret-check.ts';

const SECRET = 'a-secret_of-this-test';

test('only the secret itself passes: not its beginning, not more, not another case, not nothing', () => {
  const isSecret = createSecretCheck([SECRET]);
  expect(isSecret(SECRET)).toBe(true);
  const others = [null, '', SECRET.slice(0, -1), `${SECRET}x`, `${SECRET} `, SECRET.toUpperCase(), `${SECRET},${SECRET}`];
  for (const other of others) expect(isSecret(other), String(other)).toBe(false);
});

test('each of several secrets passes', () => {
  const isSecret = createSecretCheck(['the-new-one', 'the-old-one']);
  expect(['the-new-one', 'the-old-one', 'the-older-one'].map(isSecret)).toEqual([true, true, false]);
});

test('without secrets nothing passes, and an empty secret does not stand for a missing one', () => {
  expect([null, '', 'x'].map(createSecretCheck([]))).toEqual([false, false, false]);
  expect(createSecretCheck([''])(null)).toBe(false);
});

test('no other text passes', () => {
  const isSecret = createSecretCheck([SECRET]);
  fc.assert(fc.property(fc.string(), (text) => !isSecret(text)));
});
