import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { listActiveBudgets } from '#db/queries/budgets.ts';
import { aiUsage, type Budget, type NewAiUsage } from '#db/schema/index.ts';
import { sumUsd } from '#server/lib/money.ts';
import { closeAccounts, commitTo, mayReachStep, openAccounts, readEvents } from '../budgets/accounts.ts';
import { decide } from '../budgets/decide.ts';
import { Effects } from '../budgets/effects.ts';
import { shareBudgets } from '../budgets/lock.ts';
import { nextPeriodDate } from '../budgets/period.ts';
import { isInScope } from '../budgets/scope.ts';
import { readTypicalCosts } from '../budgets/typical-costs.ts';
import type { BudgetRefusal, Decision, ReservationAsk } from '../budgets/types.ts';
import { openPriceBook, type PriceBook } from '../prices/price-book.ts';

/** An attempt that is to be reserved. */
export interface ReserveInput extends ReservationAsk {
  readonly askId: string;
  readonly attempt: number;
  readonly updateId: number | null;
}

/** Leave for an attempt, with what the budgets made of it; or why there is none. */
export type Reservation =
  | { readonly kind: 'granted'; readonly requestId: string; readonly model: string; readonly completionTokensMax: number }
  | { readonly kind: 'refused'; readonly refusal: BudgetRefusal };

export interface ReserveOptions {
  readonly db: Database;
  readonly reportingTimeZone: string;
  /** What the budgets' `cheaper_model` switches to; null: nothing. */
  readonly cheaperModel: string | null;
  /** How long a process may take for an attempt: a row still reserved then belongs to one that died. */
  readonly leaseMs: number;
  /** The process that asks; none unless given. */
  readonly processId?: number | undefined;
  /** Where prices are read; from the database each time unless given. */
  readonly openPrices?: typeof openPriceBook;
}

/**
 * Reserves attempts before their calls are made, so that no crash can hide one: rows, what they may cost at most, and the
 * budgets' verdict are one transaction. The budgets' accounts are locked meanwhile, so that no number of processes can
 * grant together what one would have refused. Results in the order of the inputs.
 */
export async function reserveGenerations(options: ReserveOptions, inputs: readonly ReserveInput[]): Promise<Reservation[]> {
  return options.db.transaction(async (tx) => {
    const [, budgets] = await Promise.all([shareBudgets(tx), listActiveBudgets(tx)]);
    const startedAt = latest(inputs);
    const prices = await (options.openPrices ?? openPriceBook)(tx, inputs.flatMap(({ model }) => modelsOf(model, options)), startedAt);
    const { decisions, close } = await decideAll(tx, options, inputs, budgets, prices, startedAt);
    const rows: NewAiUsage[] = [];
    const results = inputs.map((input, index): Reservation => {
      const decision = decisions[index];
      if (decision?.kind === 'refused') return { kind: 'refused', refusal: refusalOf(decision) };
      const row = rowOf(input, decision ?? ungoverned(input, prices), options);
      rows.push(row);
      return { kind: 'granted', requestId: row.requestId, model: row.model, completionTokensMax: decision?.completionTokensMax ?? input.completionTokensMax };
    });
    await Promise.all([rows.length > 0 ? tx.insert(aiUsage).values(rows) : null, close()]);
    return results;
  });
}

/** One decision for each input, none where no budget is in force; and what writes the accounts. */
async function decideAll(
  tx: Transaction,
  options: ReserveOptions,
  inputs: readonly ReserveInput[],
  budgets: readonly Budget[],
  prices: PriceBook,
  at: Date,
): Promise<{ readonly decisions: readonly Decision[]; readonly close: () => Promise<void> }> {
  if (budgets.length === 0) return { decisions: [], close: async () => undefined };
  const accounts = await openAccounts(tx, budgets, inputs, ({ model }) => modelsOf(model, options), options.reportingTimeZone);
  const bounds = inputs.map(({ model, promptTokensMax, completionTokensMax }) => prices.boundUsd(model, promptTokensMax, completionTokensMax));
  const mostUsd = bounds.includes(null) ? null : sumUsd(bounds.map((bound) => bound ?? '0'));
  if (accounts.all.some((account) => mostUsd === null || mayReachStep(account, mostUsd))) await readEvents(tx, accounts.all);
  const decisions = inputs.map((input) => {
    const boundOf = (model: string, completionTokensMax: number) => prices.boundUsd(model, input.promptTokensMax, completionTokensMax);
    const own = accounts.of(input);
    const decision = decide(input, own, { boundOf, cheaperModel: options.cheaperModel });
    if (decision.kind === 'granted' && decision.boundUsd !== null) {
      for (const account of own) if (isInScope(account.budget, { ...input, model: decision.model })) commitTo(account, decision.boundUsd);
    }
    return decision;
  });
  if (decisions.some(({ reached }) => reached.length > 0)) {
    const effects = new Effects();
    const typicalCostOf = await readTypicalCosts(tx);
    inputs.forEach((input, index) => {
      const decision = decisions[index];
      if (decision) effects.note(input, decision, typicalCostOf);
    });
    await effects.write(tx, accounts.all, at);
  }
  return { decisions, close: () => closeAccounts(tx, accounts.all) };
}

export type Granted = Extract<Decision, { kind: 'granted' }>;

/** An attempt granted as asked, where no budget changes it. */
export function ungoverned(input: ReserveInput, prices: PriceBook): Granted {
  const boundUsd = prices.boundUsd(input.model, input.promptTokensMax, input.completionTokensMax);
  return { kind: 'granted', model: input.model, completionTokensMax: input.completionTokensMax, askedUsd: boundUsd, boundUsd, reached: [] };
}

/** The ledger's row of a granted attempt. */
export function rowOf(input: ReserveInput, granted: Granted, { leaseMs, processId }: Pick<ReserveOptions, 'leaseMs' | 'processId'>): NewAiUsage & { readonly requestId: string } {
  const { askId, attempt, updateId, operation, plan, userId, startedAt } = input;
  return {
    requestId: uuidv7({ msecs: startedAt.getTime() }),
    askId,
    attempt,
    updateId,
    operation,
    plan,
    userId,
    startedAt,
    model: granted.model,
    status: 'reserved',
    reservedUsd: granted.boundUsd,
    leaseUntil: new Date(startedAt.getTime() + leaseMs),
    processId: processId ?? null,
  };
}

function refusalOf({ action, account }: Extract<Decision, { kind: 'refused' }>): BudgetRefusal {
  return { action, budgetId: account.budget.id, resumesOn: nextPeriodDate(account.periodDate, account.budget.period) };
}

/** The models that an attempt may end up with. */
export function modelsOf(model: string, { cheaperModel }: ReserveOptions): readonly string[] {
  return cheaperModel === null ? [model] : [model, cheaperModel];
}

/** When the last of the attempts starts. */
export function latest(inputs: readonly ReserveInput[]): Date {
  return new Date(Math.max(...inputs.map(({ startedAt }) => startedAt.getTime())));
}
