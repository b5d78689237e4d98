import { type BudgetAction, REFUSING_ACTIONS, type RefusingAction } from '#server/contracts/budgets.ts';
import { addUsd, compareUsd, multiplyUsd } from '#server/lib/money.ts';
import type { Account, Decision, ReachedStep, ReservationAsk } from './types.ts';
import { isInScope } from './scope.ts';
import { stepKey } from './step-key.ts';

/** A shortened answer may have this part of the tokens asked for. */
const SHORT_SHARE = 0.5;

/** What an attempt may cost at most with a model and a length; null when no price is known. */
export type BoundOf = (model: string, completionTokensMax: number) => string | null;

export interface DecideOptions {
  readonly boundOf: BoundOf;
  /** What `cheaper_model` switches to; null: nothing. */
  readonly cheaperModel: string | null;
}

/**
 * Decides on one attempt from what its budgets have committed so far. Mild steps are in force from their threshold on and
 * change the attempt; refusing steps refuse it if with it, at its most expensive, the threshold would be passed: so what
 * is granted can never pass it. Pure; the caller adds `boundUsd` to the accounts of a granted attempt.
 */
export function decide(ask: ReservationAsk, accounts: readonly Account[], options: DecideOptions): Decision {
  const reached: ReachedStep[] = [];
  const under = (model: string) => accounts.filter(({ budget }) => isInScope(budget, { ...ask, model }));
  const isInForce = (model: string, action: BudgetAction) => {
    const steps = under(model).flatMap((account) => reachedSteps(account, action, null));
    for (const step of steps) if (!reached.some((other) => isSame(other, step))) reached.push(step);
    return steps.find((step) => !step.isLifted) ?? null;
  };

  isInForce(ask.model, 'warn');
  const asked = options.boundOf(ask.model, ask.completionTokensMax);
  const cheaper = isInForce(ask.model, 'cheaper_model') ? cheaperThan(ask, asked, options) : null;
  const model = cheaper ?? ask.model;
  const completionTokensMax = isInForce(model, 'shorter_answer') ? Math.ceil(ask.completionTokensMax * SHORT_SHARE) : ask.completionTokensMax;
  const boundUsd = options.boundOf(model, completionTokensMax);

  for (const account of under(model)) {
    for (const action of REFUSING_ACTIONS) {
      if (action === 'pause_free' && ask.plan !== 'free') continue;
      const steps = reachedSteps(account, action, boundUsd);
      reached.push(...steps);
      const refusing = steps.find((step) => !step.isLifted);
      if (refusing || (boundUsd === null && hasStep(account, action))) return refuse(account, action, reached);
    }
  }
  return { kind: 'granted', model, completionTokensMax, askedUsd: asked, boundUsd, reached };
}

function refuse(account: Account, action: RefusingAction, reached: readonly ReachedStep[]): Decision {
  return { kind: 'refused', action, account, reached };
}

/** Steps of an action whose threshold is reached; with `boundUsd`, that would be passed by so much more. */
function reachedSteps(account: Account, action: BudgetAction, boundUsd: string | null): ReachedStep[] {
  const { budget, committedUsd, lifted } = account;
  return budget.steps
    .filter((step) => step.action === action)
    .filter(({ percent }) => {
      const thresholdUsd = multiplyUsd(budget.limitUsd, `${percent}e-2`);
      return boundUsd === null ? compareUsd(committedUsd, thresholdUsd) >= 0 : compareUsd(addUsd(committedUsd, boundUsd), thresholdUsd) > 0;
    })
    .map((step) => ({ account, step, isLifted: lifted.has(stepKey(step.percent, step.action)) }));
}

function hasStep({ budget, lifted }: Account, action: BudgetAction): boolean {
  return budget.steps.some((step) => step.action === action && !lifted.has(stepKey(step.percent, step.action)));
}

/** A dearer model is no saving, and one without a price may be dearer. */
function cheaperThan(ask: ReservationAsk, askedUsd: string | null, { boundOf, cheaperModel }: DecideOptions): string | null {
  if (cheaperModel === null || cheaperModel === ask.model) return null;
  const boundUsd = boundOf(cheaperModel, ask.completionTokensMax);
  return boundUsd !== null && (askedUsd === null || compareUsd(boundUsd, askedUsd) < 0) ? cheaperModel : null;
}

function isSame(a: ReachedStep, b: ReachedStep): boolean {
  return a.account === b.account && a.step === b.step;
}
