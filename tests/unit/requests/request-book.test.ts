import { expect, test } from 'vitest';
import { createRequestBook } from '#server/services/requests/request-book.ts';

const SLOT_MS = 300_000;
const REQUEST = { handler: '/', method: 'GET', status: '2xx', durationMs: 100 } as const;

test('requests are told apart by five minutes, handler, method and status', () => {
  const book = createRequestBook();
  book.add(REQUEST, SLOT_MS);
  book.add(REQUEST, 2 * SLOT_MS - 1);
  book.add(REQUEST, 2 * SLOT_MS);
  for (const other of [{ handler: '/login' }, { method: 'POST' }, { status: '4xx' }]) book.add({ ...REQUEST, ...other }, SLOT_MS);
  expect(book.take().map(({ at, handler, method, status, requestCount }) => [at.getTime() / SLOT_MS, handler, method, status, requestCount])).toEqual([
    [1, '/', 'GET', '2xx', 2], [1, '/login', 'GET', '2xx', 1], [1, '/', 'POST', '2xx', 1], [1, '/', 'GET', '4xx', 1], [2, '/', 'GET', '2xx', 1],
  ]);
});

test('what was taken is not given again', () => {
  const book = createRequestBook();
  book.add(REQUEST, 0);
  expect(book.take()).toHaveLength(1);
  expect(book.take()).toEqual([]);
});

test('a request without a duration counts, and is in no bin', () => {
  const book = createRequestBook();
  book.add({ ...REQUEST, durationMs: null }, 0);
  expect(book.take()[0]).toMatchObject({ requestCount: 1, bins: [], counts: [] });
});

test('durations below a millisecond are of the bin of one', () => {
  const book = createRequestBook();
  for (const durationMs of [0, 0.1, 0.9, 1]) book.add({ ...REQUEST, durationMs }, 0);
  expect(book.take()[0]).toMatchObject({ bins: [0], counts: [4] });
});

test('beyond its limit it keeps all counts and forgets only the five minutes of the oldest', () => {
  const book = createRequestBook(3);
  for (let slot = 0; slot < 10; slot += 1) book.add({ ...REQUEST, status: slot % 2 === 0 ? '2xx' : '5xx', durationMs: 10 * slot }, slot * SLOT_MS);
  const taken = book.take();
  expect(new Set(taken.map(({ at }) => at.getTime() / SLOT_MS))).toEqual(new Set([7, 8, 9]));
  expect(taken.reduce((sum, { requestCount }) => sum + requestCount, 0)).toBe(10);
  expect(taken.flatMap(({ counts }) => counts).reduce((sum, n) => sum + n, 0)).toBe(10);
});
