import { expect, test } from 'vitest';
import { errorFilterQuery, parseErrorsQuery } from '#app/features/errors/errors-query.ts';
import { jobFilterQuery, parseJobsQuery } from '#app/features/jobs/jobs-query.ts';
import { readParameters } from '#app/lib/read-query.ts';

const errors = (query: string) => parseErrorsQuery(new URLSearchParams(query), { range: '7d' });
const jobs = (query: string) => parseJobsQuery(new URLSearchParams(query), { range: '7d' });

test('what errors are narrowed to comes from the URL, the range from where it was read', () => {
  expect(errors('range=24h&handler=tarot&errorType=internal&more=1')).toEqual({ range: '7d', handler: 'tarot', errorType: 'internal' });
  expect(errors('')).toEqual({ range: '7d' });
});

test('what jobs are narrowed to comes from the URL, the range from where it was read', () => {
  expect(jobs('name=refresh_prices')).toEqual({ range: '7d', name: 'refresh_prices' });
  expect(jobs('handler=tarot')).toEqual({ range: '7d' });
});

test.each(['handler=nap', 'handler=', 'errorType=timeout', 'handler=tarot&handler=tarot', 'errorType=%00'])('errors of %s are refused', (query) => expect(errors(query)).toBeNull());

test.each(['name=other', 'name=', 'name=inbox', 'name=refresh_prices&name=refresh_prices'])('jobs of %s are refused', (query) => expect(jobs(query)).toBeNull());

test('another filter keeps the range and what it is compared with, and leaves the one before', () => {
  expect(errorFilterQuery('?range=24h&compare=previous&handler=natal&errorType=internal', { handler: 'tarot' })).toBe('?range=24h&compare=previous&handler=tarot');
  expect(errorFilterQuery('?handler=natal&errorType=internal')).toBe('');
  expect(jobFilterQuery('?range=24h&name=refresh_prices', 'deliver_alerts')).toBe('?range=24h&name=deliver_alerts');
  expect(jobFilterQuery('?range=24h&name=refresh_prices', null)).toBe('?range=24h');
});

test('parameters that are not asked for are not read, and one that is given twice refuses them all', () => {
  expect(readParameters(new URLSearchParams('a=1&c=3'), ['a', 'b'])).toEqual({ a: '1' });
  expect(readParameters(new URLSearchParams('a=1&b=2&b=2'), ['a', 'b'])).toBeNull();
});
