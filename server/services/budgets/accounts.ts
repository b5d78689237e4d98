import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.ts';
import type { Budget, BudgetEvent } from '#db/schema/index.ts';
import { BudgetAction } from '#server/contracts/budgets.ts';
import { addUsd, compareUsd, multiplyUsd, toLedgerUsd } from '#server/lib/money.ts';
import { periodDateOf } from './period.ts';
import { isInScope } from './scope.ts';
import { stepKey } from './step-key.ts';
import type { Account, ReservationAsk } from './types.ts';

/** An account as the batch moves it, with the events that it had before. */
export interface OpenAccount extends Account {
  readonly lifted: Set<string>;
  readonly events: Map<string, Pick<BudgetEvent, 'id' | 'liftedAt'>>;
  isChanged: boolean;
}

/** The accounts of a batch of attempts, locked until the transaction ends. */
export interface OpenAccounts {
  of(ask: ReservationAsk): readonly OpenAccount[];
  readonly all: readonly OpenAccount[];
}

const keyOf = (budgetId: number, periodDate: string, userId: number): string => `${budgetId} ${periodDate} ${userId}`;

/**
 * Locks the accounts that a batch of attempts may fall under, in one order, so that no two batches wait for each other in
 * a circle, and folds into them what was appended since. The caller holds `shareBudgets`.
 * @param modelsOf the models that an attempt may end up with.
 */
export async function openAccounts(
  tx: Transaction,
  budgets: readonly Budget[],
  asks: readonly ReservationAsk[],
  modelsOf: (ask: ReservationAsk) => readonly string[],
  timeZone: string,
): Promise<OpenAccounts> {
  const wanted = new Map<string, Wanted>();
  const keysFor = (ask: ReservationAsk): string[] =>
    budgets
      .filter((budget) => modelsOf(ask).some((model) => isInScope(budget, { ...ask, model })))
      .map((budget) => {
        const periodDate = periodDateOf(ask.startedAt, budget.period, timeZone);
        const userId = budget.scope === 'user' ? ask.userId : 0;
        const key = keyOf(budget.id, periodDate, userId);
        wanted.set(key, { budget, periodDate, userId });
        return key;
      });
  const keysByAsk = new Map(asks.map((ask) => [ask, keysFor(ask)]));
  const accounts = wanted.size === 0 ? new Map<string, OpenAccount>() : await lockAccounts(tx, [...wanted.values()]);
  return {
    of: (ask) => (keysByAsk.get(ask) ?? []).flatMap((key) => accounts.get(key) ?? []),
    all: [...accounts.values()],
  };
}

type Wanted = { readonly budget: Budget; readonly periodDate: string; readonly userId: number };

const Locked = z.object({ budget_id: z.coerce.number(), period_date: z.string(), user_id: z.coerce.number(), committed_usd: z.string() });
const Fired = z.object({
  budget_id: z.coerce.number(),
  period_date: z.string(),
  user_id: z.coerce.number(),
  id: z.coerce.number(),
  percent: z.coerce.number(),
  action: BudgetAction,
  lifted_at: z.coerce.date().nullable(),
});

function keysOf(wanted: readonly Wanted[]): SQL {
  const keys = JSON.stringify(wanted.map(({ budget, periodDate, userId }) => ({ budget_id: budget.id, period_date: periodDate, user_id: userId })));
  return sql`jsonb_to_recordset(${keys}::jsonb) as key(budget_id bigint, period_date date, user_id bigint)`;
}

/** One statement: what was appended is folded in, passing over what another batch is folding in, and each account is locked by that. */
async function lockAccounts(tx: Transaction, wanted: readonly Wanted[]): Promise<Map<string, OpenAccount>> {
  const locked = await tx.execute(sql`
    with key as (select * from ${keysOf(wanted)}),
    folded as (
      delete from budget_deltas where id in (
        select d.id from budget_deltas d join key using (budget_id, period_date, user_id) for update of d skip locked)
      returning budget_id, period_date, user_id, amount_usd
    ),
    moved as (select budget_id, period_date, user_id, coalesce(sum(amount_usd), 0) as amount_usd from key left join folded using (budget_id, period_date, user_id) group by 1, 2, 3)
    insert into budget_periods as p (budget_id, period_date, user_id, committed_usd)
    select * from moved order by 1, 2, 3
    on conflict (budget_id, period_date, user_id) do update set committed_usd = p.committed_usd + excluded.committed_usd
    returning budget_id, period_date::text, user_id, committed_usd::text`);
  const committed = new Map(z.array(Locked).parse([...locked]).map((row) => [keyOf(row.budget_id, row.period_date, row.user_id), row.committed_usd]));
  return new Map(
    wanted.map((each) => {
      const key = keyOf(each.budget.id, each.periodDate, each.userId);
      return [key, { ...each, committedUsd: committed.get(key) ?? '0', lifted: new Set<string>(), events: new Map(), isChanged: false }];
    }),
  );
}

/** Reads which steps of the accounts have fired and which are lifted; needed only where a step may be reached. */
export async function readEvents(tx: Transaction, accounts: readonly OpenAccount[]): Promise<void> {
  if (accounts.length === 0) return;
  const fired = await tx.execute(sql`
    select e.budget_id, e.period_date::text, e.user_id, e.id, e.percent, e.action, e.lifted_at
    from budget_events e join ${keysOf(accounts)} using (budget_id, period_date, user_id)`);
  const byKey = new Map(accounts.map((account) => [keyOf(account.budget.id, account.periodDate, account.userId), account]));
  for (const row of z.array(Fired).parse([...fired])) {
    const account = byKey.get(keyOf(row.budget_id, row.period_date, row.user_id));
    const step = stepKey(row.percent, row.action);
    account?.events.set(step, { id: row.id, liftedAt: row.lifted_at });
    if (row.lifted_at !== null) account?.lifted.add(step);
  }
}

/** Whether so much more could reach a step of the account. */
export function mayReachStep({ budget, committedUsd }: OpenAccount, moreUsd: string): boolean {
  const lowest = Math.min(...budget.steps.map(({ percent }) => percent));
  return compareUsd(addUsd(committedUsd, moreUsd), multiplyUsd(budget.limitUsd, `${lowest}e-2`)) >= 0;
}

/** Adds what a granted attempt may cost. */
export function commitTo(account: OpenAccount, boundUsd: string): void {
  account.committedUsd = addUsd(account.committedUsd, boundUsd);
  account.isChanged = true;
}

/** Writes the accounts that were changed; the caller's transaction ends the lock. */
export async function closeAccounts(tx: Transaction, accounts: readonly OpenAccount[]): Promise<void> {
  const changed = accounts.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  const rows = JSON.stringify(
    changed.map(({ budget, periodDate, userId, committedUsd }) => ({
      budget_id: budget.id, period_date: periodDate, user_id: userId, committed_usd: toLedgerUsd(committedUsd),
    })),
  );
  await tx.execute(sql`
    update budget_periods p set committed_usd = row.committed_usd
    from jsonb_to_recordset(${rows}::jsonb) as row(budget_id bigint, period_date date, user_id bigint, committed_usd numeric(20, 12))
    where (p.budget_id, p.period_date, p.user_id) = (row.budget_id, row.period_date, row.user_id)`);
}
