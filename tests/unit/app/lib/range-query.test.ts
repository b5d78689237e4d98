import { expect, test } from 'vitest';
import { en } from '#app/i18n/en.ts';
import { parseRangeQuery, RefusedRange } from '#app/lib/range-query.ts';

const FROM = '2026-11-01T00:00:00Z';
const TO = '2026-11-02T00:00:00Z';

function parse(query: string) {
  return parseRangeQuery(new URLSearchParams(query));
}

test.each([
  ['', {}],
  ['range=24h', { range: '24h' }],
  [`from=${FROM}&to=${TO}`, { from: FROM, to: TO }],
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
])('?%s is refused: %s %s', (query, parameter, reason) => {
  const result = parse(query);
  if (result.isValid) throw new Error('The range was let through.');
  expect(result.refused.issues).toContainEqual({ parameter, reason });
  expect(RefusedRange.parse(result.refused)).toEqual(result.refused);
});

test('one reason per parameter, and each has words', () => {
  const result = parse('from=x&to=y');
  if (result.isValid) throw new Error('The range was let through.');
  expect(result.refused.issues.map(({ parameter }) => parameter)).toEqual(['from', 'to']);
  for (const { reason } of result.refused.issues) expect(en.range.reasons[reason]).toBeTruthy();
});
