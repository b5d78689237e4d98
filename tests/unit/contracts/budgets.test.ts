import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUDGET_ACTIONS, CreateBudgetInput, UpdateBudgetInput } from '#server/contracts/budgets.ts';
import { compareUsd } from '#server/lib/money.ts';

const STOP = { percent: 100, action: 'stop' };
const GOOD = { name: 'All', period: 'day', scope: 'all', limitUsd: '5', steps: [STOP] };

test('a budget for all needs no scope value, and its name is trimmed', () => {
  expect(CreateBudgetInput.parse({ ...GOOD, name: '  All  ' })).toEqual({ ...GOOD, name: 'All', scopeValue: null });
});

test.each([
  ['operation', 'natal_chart'],
  ['plan', 'premium'],
  ['model', 'google/gemini-2.5-flash'],
  ['model', '~openai/gpt-4.1-mini:free'],
])('a budget for the %s %s is good', (scope, scopeValue) => {
  expect(CreateBudgetInput.safeParse({ ...GOOD, scope, scopeValue }).success).toBe(true);
});

test.each([
  ['no name', { name: '   ' }, 'name', 'is missing'],
  ['a long name', { name: 'x'.repeat(81) }, 'name', 'at most 80'],
  ['a name of two lines', { name: 'a\nb' }, 'name', 'one line'],
  ['a name with a NUL', { name: 'a\u0000' }, 'name', 'one line'],
  ['a limit of nothing', { limitUsd: '0.000' }, 'limitUsd', 'more than 0'],
  ['a negative limit', { limitUsd: '-1' }, 'limitUsd', 'decimal of dollars'],
  ['an exponent', { limitUsd: '1e3' }, 'limitUsd', 'decimal of dollars'],
  ['13 places', { limitUsd: '0.0000000000001' }, 'limitUsd', 'after the point'],
  ['9 digits', { limitUsd: '100000000' }, 'limitUsd', 'at most 8 digits'],
  ['no steps', { steps: [] }, 'steps', 'at least one'],
  ['11 steps', { steps: Array.from({ length: 11 }, (_, index) => ({ percent: index + 1, action: 'warn' })) }, 'steps', 'at most 10'],
  ['the same step twice', { steps: [STOP, STOP] }, 'steps', 'same step twice'],
  ['a percentage of 0', { steps: [{ ...STOP, percent: 0 }] }, 'steps.0.percent', ''],
  ['a percentage of 101', { steps: [{ ...STOP, percent: 101 }] }, 'steps.0.percent', ''],
  ['half a percent', { steps: [{ ...STOP, percent: 50.5 }] }, 'steps.0.percent', 'whole number'],
  ['an unknown action', { steps: [{ ...STOP, action: 'explode' }] }, 'steps.0.action', ''],
  ['an unknown period', { period: 'year' }, 'period', ''],
  ['a value where none belongs', { scopeValue: 'x' }, 'scopeValue', 'left out'],
  ['a user as a value', { scope: 'user', scopeValue: '7' }, 'scopeValue', 'left out'],
  ['an operation that is none', { scope: 'operation', scopeValue: 'nap' }, 'scopeValue', 'one of horoscope'],
  ['an operation left out', { scope: 'operation' }, 'scopeValue', 'one of horoscope'],
  ['a plan that is none', { scope: 'plan', scopeValue: 'gold' }, 'scopeValue', 'free, premium'],
  ['a model without a vendor', { scope: 'model', scopeValue: 'gemini' }, 'scopeValue', 'vendor/model'],
  ['a model with a space', { scope: 'model', scopeValue: 'a/b c' }, 'scopeValue', 'vendor/model'],
])('%s is refused in words', (_what, change, path, words) => {
  const { error } = CreateBudgetInput.safeParse({ ...GOOD, ...change });
  expect(error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))).toContainEqual({ path, message: expect.stringContaining(words) });
});

test('the same percentage with two actions, and one action at two percentages, are four different steps', () => {
  const steps = [50, 80].flatMap((percent) => ['warn', 'stop'].map((action) => ({ percent, action })));
  expect(CreateBudgetInput.safeParse({ ...GOOD, steps }).success).toBe(true);
});

test('every limit that is let through is positive and fits the ledger', () => {
  const digits = fc.stringMatching(/^\d{1,10}(\.\d{1,14})?$/);
  fc.assert(
    fc.property(fc.oneof(digits, fc.string()), (limitUsd) => {
      if (!CreateBudgetInput.safeParse({ ...GOOD, limitUsd }).success) return;
      expect(compareUsd(limitUsd, '0')).toBeGreaterThan(0);
      expect(compareUsd(limitUsd, '100000000')).toBeLessThan(0);
      expect((limitUsd.split('.')[1] ?? '').length).toBeLessThanOrEqual(12);
    }),
  );
});

test('a change takes name, limit and steps alone: a scope or a period beside them is dropped', () => {
  const parsed = UpdateBudgetInput.parse({ budgetId: 1, name: 'x', limitUsd: '1', steps: [STOP], scope: 'user', period: 'week' });
  expect(Object.keys(parsed).sort()).toEqual(['budgetId', 'limitUsd', 'name', 'steps']);
  expect(UpdateBudgetInput.safeParse({ budgetId: 0, name: 'x', limitUsd: '1', steps: [STOP] }).success).toBe(false);
});

test('actions go from the mildest to the hardest', () => {
  expect([BUDGET_ACTIONS[0], BUDGET_ACTIONS.at(-1)]).toEqual(['warn', 'stop']);
});
