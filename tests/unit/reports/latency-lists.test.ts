import { expect, test } from 'vitest';
import { latencyBin } from '#server/lib/latency-bins.ts';
import { latencyOf, listLatencies } from '#server/services/reports/latency-lists.ts';

const row = (keyA: string, ms: number, n: number, keyB = '') => ({ bucket: 0, keyA, keyB, bin: latencyBin(ms), n });

test('no durations have no percentiles', () => {
  expect(latencyOf([])).toEqual({ count: 0, p50Ms: null, p95Ms: null, p99Ms: null });
});

test('a list names the most used, the others come last as one, and the counts add up', () => {
  const list = listLatencies([row('a', 10, 1), row('b', 10, 5), row('c', 500, 2), row('c', 900, 1), row('d', 10, 1), row('a', 20, 1)], 2);
  expect(list.map(({ keyA, keyB, count }) => [keyA, keyB, count])).toEqual([['b', '', 5], ['c', '', 3], [null, null, 3]]);
});

test('equals stand in the order of their names, whatever order they come in', () => {
  const rows = [row('b', 10, 1, 'y'), row('b', 10, 1, 'x'), row('a', 10, 1)];
  const names = (list: readonly { readonly keyA: string | null; readonly keyB: string | null }[]) => list.map(({ keyA, keyB }) => `${keyA}${keyB}`);
  expect(names(listLatencies(rows, 9))).toEqual(['a', 'bx', 'by']);
  expect(names(listLatencies(rows.toReversed(), 9))).toEqual(['a', 'bx', 'by']);
});

test('the percentiles of the others are those of all their durations together', () => {
  const [, others] = listLatencies([row('a', 5, 100), row('b', 10, 50), row('c', 1_000, 50)], 1);
  expect(others?.count).toBe(100);
  expect(others?.p99Ms).toBeGreaterThan(970);
  expect(others?.p50Ms).toBeGreaterThan(9);
});
