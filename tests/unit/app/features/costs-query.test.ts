import { expect, test } from 'vitest';
import { costFilterQuery, parseCostsQuery } from '#app/features/costs/costs-query.ts';

const parse = (query: string) => parseCostsQuery(new URLSearchParams(query), { range: '7d' });

test('split and filters come from the URL, the range from where it was read', () => {
  expect(parse('range=24h&by=model&operation=horoscope&model=a/b&plan=free&costSource=billed&disposition=none&history=c/d')).toEqual({
    range: '7d', by: 'model', operation: 'horoscope', model: 'a/b', plan: 'free', costSource: 'billed', disposition: 'none',
  });
  expect(parse('')).toEqual({ range: '7d' });
});

test.each(['by=user', 'plan=gold', 'costSource=guess', 'disposition=lost', 'operation=%00', 'model=', 'model=a&model=b', 'by=plan&by=model'])('%s is refused', (query) => {
  expect(parse(query)).toBeNull();
});

test('a filter keeps the range, the split and the other filters, and takes the place of the one before', () => {
  expect(costFilterQuery('?range=24h&compare=previous&by=model&plan=free&model=a%2Fb', 'model', 'c/d')).toBe('?range=24h&compare=previous&by=model&plan=free&model=c%2Fd');
});

test('what the API would refuse is no filter', () => {
  expect(costFilterQuery('', 'model', 'a name with blanks')).toBeNull();
  expect(costFilterQuery('', 'plan', 'gold')).toBeNull();
});
