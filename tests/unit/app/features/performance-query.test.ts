import { expect, test } from 'vitest';
import { chosenQuery, parsePerformanceQuery } from '#app/features/performance/performance-query.ts';

const parse = (query: string) => parsePerformanceQuery(new URLSearchParams(query), { range: '7d' });

test('family and parts come from the URL, the range from where it was read', () => {
  expect(parse('range=24h&family=http&handler=/monitoring/:id&other=1')).toEqual({ range: '7d', family: 'http', handler: '/monitoring/:id' });
  expect(parse('')).toEqual({ range: '7d' });
});

test.each(['family=jobs', 'handler=tarot', 'family=http&model=a/b', 'family=http&family=http', 'model=', 'operation=%00'])('%s is refused', (query) => {
  expect(parse(query)).toBeNull();
});

test('another choice keeps the range and what it is compared with, and leaves the parts of the one before', () => {
  expect(chosenQuery('?range=24h&compare=previous&family=generation&operation=horoscope&model=a/b', 'http', { handler: '/login' })).toBe(
    '?range=24h&compare=previous&family=http&handler=%2Flogin',
  );
  expect(chosenQuery('?family=http&handler=%2Flogin', 'update_age')).toBe('?family=update_age');
});
