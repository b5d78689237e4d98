import { expect, test } from 'vitest';
import { runContest, type Contestant } from '#tests/bench/contest.ts';
import { median, medianRatio, summarize } from '#tests/bench/stats.ts';
import { renderContest } from '#tests/bench/table.ts';

test('the median is the middle, of an even number the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(() => median([])).toThrow('nothing was measured');
});

test('a summary has median and extremes', () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});

test('a ratio is taken within each round, so that a slow round does not bend it', () => {
  expect(medianRatio([10, 100, 12], [5, 50, 6])).toBe(2);
});

test('contestants take turns forwards and backwards, and warm-up rounds do not count', async () => {
  const order: string[] = [];
  const contestant = (name: string): Contestant => ({ name, measure: async () => order.push(name) });
  const shape = { name: 'Rounds', conditions: 'none', unit: 'ms', isHigherBetter: false };
  const result = await runContest({ ...shape, roundCount: 2, warmUpCount: 1, contestants: [contestant('ours'), contestant('peer')] }, () => undefined);
  expect(order).toEqual(['peer', 'ours', 'ours', 'peer', 'peer', 'ours']);
  expect(result.results.map(({ values }) => values)).toEqual([[3, 6], [4, 5]]);
  expect(renderContest(result)).toContain('×');
});
