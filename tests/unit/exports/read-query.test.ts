import { expect, test } from 'vitest';
import { z } from 'zod';
import { ListGenerationsInput } from '#server/contracts/generations.ts';
import { RangeInput } from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';
import { readFormat, readQuery } from '#server/services/exports/read-query.ts';

const Flags = z.object({ isOpen: z.boolean().optional(), limit: z.int().max(10).optional() });

function issuesOf(read: () => unknown): { readonly parameter: unknown; readonly reason: unknown }[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_input' || !(error.cause instanceof z.ZodError)) throw error;
    return error.cause.issues.map((issue) => ({ parameter: issue.path[0], reason: issue.code === 'custom' ? issue.params?.['reason'] : issue.code }));
  }
  return [];
}

test('a query is read by the contract of the page, and what the contract does not name is left alone', () => {
  expect(readQuery(RangeInput, new URLSearchParams('range=30d&model=a/b&format=csv'))).toEqual({ range: '30d' });
});

test('a number and a yes or no in the query are read as such', () => {
  expect(readQuery(ListGenerationsInput, new URLSearchParams('user=17&minUsd=0.5'))).toEqual({ user: 17, minUsd: '0.5' });
  expect(readQuery(Flags, new URLSearchParams('isOpen=false&limit=3'))).toEqual({ isOpen: false, limit: 3 });
});

test('an empty field of a form asks for nothing', () => {
  expect(readQuery(ListGenerationsInput, new URLSearchParams('user=&operation=tarot_card&model=+'))).toEqual({ operation: 'tarot_card' });
});

test.each([
  ['range=7d&range=30d', [{ parameter: 'range', reason: 'duplicate' }]],
  ['range=9d', [{ parameter: 'range', reason: 'invalid_value' }]],
  ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', [{ parameter: 'from', reason: 'not_after_start' }]],
  ['user=anna', [{ parameter: 'user', reason: 'invalid_type' }]],
  ['user=0', [{ parameter: 'user', reason: 'too_small' }]],
])('the query %s is refused, and it is told which parameter and why', (query, issues) => {
  expect(issuesOf(() => readQuery(ListGenerationsInput, new URLSearchParams(query)))).toEqual(issues);
});

test('the format is CSV unless the query says so, and one that there is not is refused', () => {
  expect([readFormat(new URLSearchParams()), readFormat(new URLSearchParams('format=json'))]).toEqual(['csv', 'json']);
  expect(issuesOf(() => readFormat(new URLSearchParams('format=xlsx')))).toEqual([{ parameter: 'format', reason: 'unknown_format' }]);
  expect(issuesOf(() => readFormat(new URLSearchParams('format=json'), ['csv']))).toHaveLength(1);
});
