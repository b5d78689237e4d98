import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropEmptyParameters, hasEmptyParameter, parseFilterQuery, RefusedFilters } from '#app/features/generations/filter-query.ts';
import { en } from '#app/i18n/en.ts';

const parse = (query: string) => parseFilterQuery(new URLSearchParams(query));

test.each([
  ['', {}],
  ['utm_source=mail&range=7d', {}],
  ['operation=horoscope&model=google/gemini-2.5-flash', { operation: 'horoscope', model: 'google/gemini-2.5-flash' }],
  ['user=17', { user: 17 }],
  ['status=void&errorType=none&disposition=none&costSource=none', { status: 'void', errorType: 'none', disposition: 'none', costSource: 'none' }],
  ['minUsd=0,001&maxUsd=%200.5%20', { minUsd: '0.001', maxUsd: '0.5' }],
  ['model=&user=&status=&minUsd=+', {}],
  ['cursor=YWJj', { cursor: 'YWJj' }],
])('?%s is understood', (query, input) => {
  expect(parse(query)).toEqual({ isValid: true, input });
});

test.each([
  ['status=paid', 'status', 'choice'],
  ['disposition=lost', 'disposition', 'choice'],
  ['errorType=gremlins', 'errorType', 'choice'],
  ['costSource=guess', 'costSource', 'choice'],
  ['user=anna', 'user', 'user'],
  ['user=0', 'user', 'user'],
  ['user=1.5', 'user', 'user'],
  ['user=9999999999999999', 'user', 'user'],
  ['operation=a%20b', 'operation', 'name'],
  ['model=%00', 'model', 'name'],
  ['minUsd=-1', 'minUsd', 'amount'],
  ['maxUsd=1e-3', 'maxUsd', 'amount'],
  ['minUsd=2&maxUsd=1', 'minUsd', 'min_over_max'],
  ['cursor=a%20b', 'cursor', 'cursor'],
  ['status=void&status=settled', 'status', 'duplicate'],
])('?%s is refused: %s %s', (query, parameter, reason) => {
  const result = parse(query);
  if (result.isValid) throw new Error('The filters were let through.');
  expect(result.refused.issues).toEqual([{ parameter, reason }]);
  expect(RefusedFilters.parse(result.refused)).toEqual(result.refused);
});

test('every reason has words', () => {
  for (const { reason } of RefusedFilters.shape.issues.parse([
    { parameter: 'user', reason: 'user' }, { parameter: 'minUsd', reason: 'amount' }, { parameter: 'minUsd', reason: 'min_over_max' },
    { parameter: 'status', reason: 'choice' }, { parameter: 'model', reason: 'name' }, { parameter: 'cursor', reason: 'cursor' }, { parameter: 'user', reason: 'duplicate' },
  ])) {
    expect(en.generations.refused.reasons[reason]).toBeTruthy();
  }
});

test('the empty fields of a form are dropped, and nothing else', () => {
  const query = new URLSearchParams('range=7d&operation=&model=a%2Fb&user=+&other=');
  expect(hasEmptyParameter(query)).toBe(true);
  expect(dropEmptyParameters(query).toString()).toBe('range=7d&model=a%2Fb&other=');
  expect(hasEmptyParameter(dropEmptyParameters(query))).toBe(false);
});

test('whatever stands in the URL, it is understood or refused with a reason', () => {
  const name = fc.constantFrom('operation', 'model', 'user', 'status', 'disposition', 'errorType', 'costSource', 'minUsd', 'maxUsd', 'cursor', 'range');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))), (entries) => {
      const result = parseFilterQuery(new URLSearchParams(entries));
      return result.isValid || result.refused.issues.length > 0;
    }),
  );
});
