import { expect, test } from 'vitest';
import { isUnreachable } from '#app/lib/unreachable.ts';

test.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed', 'network error'])(
  'what a browser says when no answer comes is known: %s',
  (message) => {
    expect(isUnreachable(new TypeError(message))).toBe(true);
  },
);

test('a fault of the program or an answer with an error is not taken for a missing answer', () => {
  expect([new TypeError("reading 'x' of undefined"), new Error('Failed to fetch'), { status: 503 }, null].map(isUnreachable)).toEqual([false, false, false, false]);
});
