import { expect, test } from 'vitest';
import { z } from 'zod';
import { en } from '#app/i18n/en.ts';
import { findRefusedRange, parseRangeQuery, RefusedRange } from '#app/lib/range-query.ts';
import { RANGE_REFUSALS, rangeIssue } from '#server/contracts/time-range.ts';

const FROM = '2026-11-01T00:00:00Z';
const TO = '2026-11-02T00:00:00Z';

function parse(query: string) {
  return parseRangeQuery(new URLSearchParams(query));
}

test.each([
  ['', {}],
  ['range=24h', { range: '24h' }],
  [`from=${FROM}&to=${TO}`, { from: FROM, to: TO }],
  ['from=2026-11-01&to=2026-11-01', { from: '2026-11-01', to: '2026-11-01' }],
  ['range=30d&bucket=week&compare=previous', { range: '30d', bucket: 'week', compare: 'previous' }],
  ['utm_source=mail', {}],
])('?%s is a range', (query, input) => {
  expect(parse(query)).toEqual({ isValid: true, input });
});

test.each([
  ['range=9y', 'range', 'unknown_preset'],
  ['range=', 'range', 'unknown_preset'],
  ['range=7d&range=30d', 'range', 'duplicate'],
  [`from=${FROM}&from=${FROM}&to=${TO}`, 'from', 'duplicate'],
  [`range=7d&from=${FROM}&to=${TO}`, 'range', 'preset_with_instants'],
  [`from=${FROM}`, 'to', 'instant_missing'],
  [`to=${TO}`, 'from', 'instant_missing'],
  [`from=${TO}&to=${FROM}`, 'from', 'not_after_start'],
  [`from=${FROM}&to=${FROM}`, 'from', 'not_after_start'],
  [`from=2025-01-01T00:00:00Z&to=${TO}`, 'to', 'too_long'],
  [`from=0000-01-01T00:00:00Z&to=${TO}`, 'from', 'year_out_of_bounds'],
  [`from=yesterday&to=${TO}`, 'from', 'bad_instant'],
  ['from=2026-02-30&to=2026-03-01', 'from', 'bad_instant'],
  [`from=2026-11-01&to=${TO}`, 'to', 'mixed_kinds'],
  ['from=2026-11-02&to=2026-11-01', 'from', 'day_after_last'],
  ['from=1999-11-02&to=2000-11-01', 'from', 'year_out_of_bounds'],
  ['bucket=minute', 'bucket', 'unknown_bucket'],
  ['bucket=', 'bucket', 'unknown_bucket'],
  ['bucket=day&bucket=day', 'bucket', 'duplicate'],
  ['compare=best', 'compare', 'unknown_comparison'],
])('?%s is refused: %s %s', (query, parameter, reason) => {
  const result = parse(query);
  if (result.isValid) throw new Error('The range was let through.');
  expect(result.refused.issues).toContainEqual({ parameter, reason });
  expect(RefusedRange.parse(result.refused)).toEqual(result.refused);
});

test('what only the API can refuse is told as what the URL alone shows, with what is allowed', () => {
  const issue = { ...rangeIssue('bucket', 'too_many_buckets', 'must be one of day, week', ['day', 'week']), input: undefined };
  const expected = { kind: 'bad_range', issues: [{ parameter: 'bucket', reason: 'too_many_buckets', allowed: ['day', 'week'] }] };
  expect(findRefusedRange(new z.ZodRealError([issue]))).toEqual(expected);
  expect(RefusedRange.parse(expected)).toEqual(expected);
});

test('other refusals of the API are not of the range', () => {
  const other = { code: 'custom' as const, path: ['cursor'], message: 'is not one that this list gave out', input: undefined };
  for (const error of [new z.ZodRealError([other]), new Error('to must be later'), null, undefined]) expect(findRefusedRange(error)).toBeNull();
});

test('every reason has words', () => {
  for (const reason of [...RANGE_REFUSALS, 'unknown_preset', 'unknown_bucket', 'unknown_comparison', 'bad_instant', 'duplicate', 'other'] as const) {
    expect(en.range.reasons[reason]).toBeTruthy();
  }
});

test('one reason per parameter, and each has words', () => {
  const result = parse('from=x&to=y');
  if (result.isValid) throw new Error('The range was let through.');
  expect(result.refused.issues.map(({ parameter }) => parameter)).toEqual(['from', 'to']);
  for (const { reason } of result.refused.issues) expect(en.range.reasons[reason]).toBeTruthy();
});
