import { expect, test } from 'vitest';
import { changeQuery } from '#app/lib/change-query.ts';
import { generationPath, generationsPath } from '#app/lib/generations-path.ts';

const RANGE = { preset: '7d', from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T00:00:00.000Z', bucket: 'day', timeZone: 'UTC' } as const;

test.each([
  ['?range=7d', { cursor: 'abc' }, '?range=7d&cursor=abc'],
  ['?range=7d&cursor=abc', { cursor: null }, '?range=7d'],
  ['?range=7d', { range: null }, ''],
  ['', { model: 'a/b c&d' }, '?model=a%2Fb+c%26d'],
  ['?range=7d&range=30d', { range: '24h' }, '?range=24h'],
])('%s with %o becomes %s', (search, changes, expected) => {
  expect(changeQuery(search, changes)).toBe(expected);
});

test('a link to the list keeps the range: a preset by its name, a range of one’s own by its instants', () => {
  expect(generationsPath(RANGE, { status: 'void', model: undefined })).toBe('/monitoring/generations?range=7d&status=void');
  const own = new URLSearchParams(generationsPath({ ...RANGE, preset: null }, {}).split('?')[1]);
  expect(Object.fromEntries(own)).toEqual({ from: RANGE.from, to: RANGE.to });
});

test('a story has an address of its own', () => {
  expect(generationPath('0198')).toBe('/monitoring/generations/0198');
});
