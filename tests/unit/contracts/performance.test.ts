import { expect, test } from 'vitest';
import { PerformanceInput } from '#server/contracts/performance.ts';

const refusal = (input: object) => PerformanceInput.safeParse(input).error?.issues.map(({ path, message }) => [path.join('.'), message]);

test.each([
  {}, { range: '24h', family: 'http', handler: '/monitoring/budgets/:budgetId' }, { family: 'http', handler: 'trpc.overview.get' }, { family: 'http', handler: '/*' },
  { family: 'interaction', handler: 'tarot' }, { operation: 'horoscope' }, { family: 'generation', operation: 'horoscope', model: 'google/gemini-2.5-flash' }, { family: 'update_age' },
])('%o may be asked for', (input) => {
  expect(PerformanceInput.parse(input)).toEqual(input);
});

test('an unknown family is refused with those that there are', () => {
  expect(refusal({ family: 'jobs' })).toEqual([['family', 'must be one of generation, interaction, update_age, http']]);
});

test('a part that a family does not have is refused with the families that have it', () => {
  expect(refusal({ family: 'http', operation: 'horoscope' })).toEqual([['operation', 'can only be given with the family generation']]);
  expect(refusal({ handler: 'tarot' })).toEqual([['handler', 'can only be given with the family interaction or http']]);
  expect(refusal({ family: 'update_age', handler: 'tarot', model: 'a/b' })?.map(([path]) => path)).toEqual(['model', 'handler']);
});

test.each(['', ' ', 'a b', '\u0000', "x'y", 'a'.repeat(201), '<b>'])('%j is no name', (name) => {
  expect(refusal({ model: name })?.[0]?.[0]).toBe('model');
});

test('a range is refused as in every report', () => {
  expect(refusal({ range: '9y' })?.[0]?.[0]).toBe('range');
});
