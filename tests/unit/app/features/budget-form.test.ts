import { expect, test } from 'vitest';
import { describeFaults, EMPTY_FORM, readForm, toCreateInput, toUpdateInput, type FormValues } from '#app/features/budgets/form-values.ts';

const GOOD: FormValues = { ...EMPTY_FORM, name: 'All', limitUsd: '5' };
const faults = (values: Partial<FormValues>) => {
  const typed = { ...GOOD, ...values };
  const { error } = toCreateInput(typed);
  return error ? describeFaults(error, typed) : {};
};

function formOf(fields: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
}

test('the rows of the form are read in their order, each percentage with its action, without the empty ones at the end', () => {
  const form = formOf([['name', ' All '], ['limitUsd', ' 5 '], ['percent', '50'], ['action', 'warn'], ['percent', ''], ['action', 'stop'], ['percent', ' 100 '], ['action', 'stop'], ['percent', ' '], ['action', 'warn']]);
  expect(readForm(form)).toEqual({
    name: 'All', limitUsd: '5', period: '', scope: '', model: '',
    steps: [{ percent: '50', action: 'warn' }, { percent: '', action: 'stop' }, { percent: '100', action: 'stop' }],
  });
});

test('a row without a percentage is no step', () => {
  const { data } = toCreateInput({ ...GOOD, steps: [{ percent: '', action: 'warn' }, { percent: '90', action: 'stop' }] });
  expect(data?.steps).toEqual([{ percent: 90, action: 'stop' }]);
});

test('a decimal comma is a point', () => {
  expect(toCreateInput({ ...GOOD, limitUsd: '0,25' }).data?.limitUsd).toBe('0.25');
  expect(toUpdateInput(3, { ...GOOD, limitUsd: '1,5' }).data).toMatchObject({ budgetId: 3, limitUsd: '1.5' });
});

test.each([
  ['all', '', { scope: 'all', scopeValue: null }],
  ['user', 'left/over', { scope: 'user', scopeValue: null }],
  ['operation:natal_chart', '', { scope: 'operation', scopeValue: 'natal_chart' }],
  ['plan:free', '', { scope: 'plan', scopeValue: 'free' }],
  ['model', 'google/gemini-2.5-flash', { scope: 'model', scopeValue: 'google/gemini-2.5-flash' }],
])('the choice %s with the model "%s" is a scope with its value', (scope, model, expected) => {
  expect(toCreateInput({ ...GOOD, scope, model }).data).toMatchObject(expected);
});

test.each([
  [{ name: '' }, { name: 'nameMissing' }],
  [{ name: 'x'.repeat(81) }, { name: 'nameLong' }],
  [{ name: 'a\u0007b' }, { name: 'nameRefused' }],
  [{ limitUsd: '' }, { limitUsd: 'limit' }],
  [{ limitUsd: '0' }, { limitUsd: 'limit' }],
  [{ limitUsd: '1,000.5' }, { limitUsd: 'limit' }],
  [{ period: 'year' }, { period: 'period' }],
  [{ scope: 'nobody' }, { scope: 'scope' }],
  [{ scope: 'plan:gold' }, { scope: 'scope' }],
  [{ scope: 'model', model: '' }, { model: 'model' }],
  [{ steps: [] }, { steps: 'stepsNone' }],
  [{ steps: [{ percent: '12x', action: 'warn' }] }, { steps: 'stepsPercent' }],
  [{ steps: [{ percent: '0', action: 'warn' }] }, { steps: 'stepsPercent' }],
  [{ steps: [{ percent: '9', action: 'boom' }] }, { steps: 'stepsRefused' }],
  [{ steps: [{ percent: '9', action: 'warn' }, { percent: '09', action: 'warn' }] }, { steps: 'stepsTwice' }],
])('%j is refused at its field', (values, expected) => {
  expect(faults(values)).toEqual(expected);
});

test('several faults are told together, one for each field', () => {
  expect(faults({ name: '', limitUsd: 'much', steps: [{ percent: '1.5', action: 'boom' }] })).toEqual({ name: 'nameMissing', limitUsd: 'limit', steps: 'stepsPercent' });
});
