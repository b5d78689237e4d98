import type { z } from 'zod';
import { BUDGET_STEPS_MAX, CreateBudgetInput, UpdateBudgetInput } from '#server/contracts/budgets.ts';

/** What stands in the form, as typed; shown again when it is refused. */
export interface FormValues {
  readonly name: string;
  readonly limitUsd: string;
  readonly period: string;
  /** `all`, `user`, `model`, or a scope with its value, as in `plan:free`. */
  readonly scope: string;
  readonly model: string;
  readonly steps: readonly { readonly percent: string; readonly action: string }[];
}

export type BudgetFault =
  | 'nameMissing' | 'nameLong' | 'nameRefused' | 'limit' | 'model' | 'scope' | 'period' | 'stepsNone' | 'stepsPercent' | 'stepsTwice' | 'stepsRefused';
export type FormField = 'name' | 'limitUsd' | 'period' | 'scope' | 'model' | 'steps';
export type FormFaults = { readonly [Field in FormField]?: BudgetFault };

/** What the actions answer when they do not redirect. */
export interface FormResult {
  readonly values: FormValues;
  readonly faults: FormFaults;
  readonly conflict: 'tooMany' | 'archived' | null;
}

export const EMPTY_FORM: FormValues = { name: '', limitUsd: '', period: 'month', scope: 'all', model: '', steps: [{ percent: '80', action: 'warn' }, { percent: '100', action: 'stop' }] };

/** Reads the form, without the empty rows at its end; nothing is checked yet. */
export function readForm(form: FormData): FormValues {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const actions = form.getAll('action').map(String);
  const rows = form.getAll('percent').slice(0, BUDGET_STEPS_MAX).map((percent, index) => ({ percent: String(percent).trim(), action: actions[index] ?? '' }));
  const steps = rows.slice(0, rows.findLastIndex(({ percent }) => percent !== '') + 1);
  return { name: text('name'), limitUsd: text('limitUsd'), period: text('period'), scope: text('scope'), model: text('model'), steps };
}

/** A comma is a decimal point where people write it so; a row without a percentage is no step. */
function toCommon({ name, limitUsd, steps }: FormValues) {
  const filled = steps.filter(({ percent }) => percent !== '');
  return { name, limitUsd: limitUsd.replace(',', '.'), steps: filled.map(({ percent, action }) => ({ percent: Number(percent), action })) };
}

/** The form as input for a new budget, or what is wrong with it. */
export function toCreateInput(values: FormValues): z.ZodSafeParseResult<CreateBudgetInput> {
  const [scope, value] = values.scope.split(':');
  return CreateBudgetInput.safeParse({ ...toCommon(values), period: values.period, scope, scopeValue: scope === 'model' ? values.model : (value ?? null) });
}

/** The form as a change of a budget, or what is wrong with it. */
export function toUpdateInput(budgetId: number, values: FormValues): z.ZodSafeParseResult<UpdateBudgetInput> {
  return UpdateBudgetInput.safeParse({ budgetId, ...toCommon(values) });
}

/** What is wrong, by the field that is to be mended; the first fault of each. */
export function describeFaults(error: z.ZodError, values: FormValues): FormFaults {
  const faults: { [Field in FormField]?: BudgetFault } = {};
  for (const issue of error.issues) {
    const [field, fault] = faultOf(issue, values);
    faults[field] ??= fault;
  }
  return faults;
}

function faultOf(issue: z.core.$ZodIssue, { scope }: FormValues): readonly [FormField, BudgetFault] {
  switch (issue.path[0]) {
    case 'name':
      return ['name', issue.code === 'too_small' ? 'nameMissing' : issue.code === 'too_big' ? 'nameLong' : 'nameRefused'];
    case 'limitUsd':
      return ['limitUsd', 'limit'];
    case 'period':
      return ['period', 'period'];
    case 'steps':
      if (issue.path.length === 1) return ['steps', issue.code === 'too_small' ? 'stepsNone' : issue.code === 'custom' ? 'stepsTwice' : 'stepsRefused'];
      return ['steps', issue.path[2] === 'percent' ? 'stepsPercent' : 'stepsRefused'];
    default:
      return scope === 'model' ? ['model', 'model'] : ['scope', 'scope'];
  }
}
