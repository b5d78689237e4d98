import { expect, test } from 'vitest';
import { bucketQuery, comparisonQuery, keptParameters, offeredBuckets, presetQuery } from '#app/lib/range-links.ts';
import { parseRangeQuery } from '#app/lib/range-query.ts';
import { BUCKETS, COMPARISONS, RANGE_PRESETS } from '#server/contracts/time-range.ts';

const range = (from: string, to: string, bucket: (typeof BUCKETS)[number]) => ({ from, to, bucket });

test('another preset leaves the days, the place in the list and what was done behind, and keeps what the page is narrowed by', () => {
  expect(presetQuery('?from=2026-11-01&to=2026-11-02&model=a%2Fb&cursor=x&done=ended&compare=year', '30d')).toBe('?model=a%2Fb&compare=year&range=30d');
});

test('a step stays with a preset that may be cut so finely, and is left where it may not', () => {
  expect(presetQuery('?range=7d&bucket=hour', '30d')).toBe('?range=30d&bucket=hour');
  expect(presetQuery('?range=24h&bucket=5min', '30d')).toBe('?range=30d');
  expect(presetQuery('?range=24h&bucket=5min', '7d')).toBe('?range=7d');
});

test.each(RANGE_PRESETS)('%s leads out of whatever was refused', (preset) => {
  for (const search of ['?range=9y', '?from=x', '?bucket=minute&compare=best', '?range=30d&bucket=5min', '?range=7d&range=30d&bucket=day&bucket=hour']) {
    expect(parseRangeQuery(new URLSearchParams(presetQuery(search, preset))).isValid).toBe(true);
  }
});

test('a form for other days carries on all but the range, and a step that any days may be cut into', () => {
  expect(keptParameters('?range=7d&bucket=week&model=a&compare=previous&cursor=x')).toEqual([['bucket', 'week'], ['model', 'a'], ['compare', 'previous']]);
  expect(keptParameters('?from=2026-11-01&to=2026-11-01&bucket=hour')).toEqual([]);
});

test('a step or a comparison is added, replaced and taken away, and the range stays', () => {
  for (const bucket of BUCKETS) expect(bucketQuery('?range=7d&bucket=day', bucket)).toBe(`?range=7d&bucket=${bucket}`);
  expect(bucketQuery('?range=7d&bucket=day', null)).toBe('?range=7d');
  for (const comparison of COMPARISONS) expect(comparisonQuery('?range=7d', comparison)).toBe(`?range=7d&compare=${comparison}`);
  expect(comparisonQuery('?compare=year', null)).toBe('');
});

test.each([
  ['an hour', range('2026-11-01T00:00:00Z', '2026-11-01T01:00:00Z', '5min'), ['5min']],
  ['a day', range('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', 'hour'), ['5min', 'hour', 'day']],
  ['a week', range('2026-11-01T00:00:00Z', '2026-11-08T00:00:00Z', 'day'), ['hour', 'day']],
  ['30 days', range('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', 'day'), ['hour', 'day', 'week', 'month']],
  ['400 days', range('2025-11-01T00:00:00Z', '2026-12-06T00:00:00Z', 'week'), ['day', 'week', 'month']],
  ['a week as a month, which was asked for', range('2026-11-01T00:00:00Z', '2026-11-08T00:00:00Z', 'month'), ['hour', 'day', 'month']],
] as const)('%s is offered in steps that cut it and may', (_name, shown, buckets) => {
  expect(offeredBuckets(shown)).toEqual(buckets);
});
