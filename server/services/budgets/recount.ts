import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { listActiveBudgets } from '#db/queries/budgets.ts';
import type { Budget } from '#db/schema/index.ts';
import { holdBudgets } from './lock.ts';
import { nextPeriodDate, periodDateOf } from './period.ts';

/**
 * Counts the running period of every budget anew from the ledger: after a change of the reporting time zone, after an
 * import, at a start. No money moves meanwhile.
 */
export async function recountBudgets(db: Database, timeZone: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await holdBudgets(tx);
    for (const budget of await listActiveBudgets(tx)) await recountBudget(tx, budget, timeZone, now);
  });
}

/** Counts the running period of one budget from the ledger. The caller holds `holdBudgets`. */
export async function recountBudget(tx: Transaction, budget: Budget, timeZone: string, now: Date): Promise<void> {
  const from = periodDateOf(now, budget.period, timeZone);
  const to = nextPeriodDate(from, budget.period);
  const userId = budget.scope === 'user' ? sql`user_id` : sql`0`;
  const inScope = {
    all: sql`true`,
    user: sql`user_id is not null`,
    operation: sql`operation = ${budget.scopeValue}`,
    model: sql`model = ${budget.scopeValue}`,
    plan: sql`plan = ${budget.scopeValue}`,
  }[budget.scope];
  await tx.execute(sql`delete from budget_deltas where budget_id = ${budget.id} and period_date = ${from}::date`);
  await tx.execute(sql`delete from budget_periods where budget_id = ${budget.id} and period_date = ${from}::date`);
  await tx.execute(sql`
    insert into budget_periods (budget_id, period_date, user_id, committed_usd)
    select ${budget.id}, ${from}::date, ${userId},
      sum(case status when 'settled' then cost_usd when 'void' then 0 else coalesce(reserved_usd, 0) end)
    from ai_usage
    where started_at >= (${from}::timestamp at time zone ${timeZone}) and started_at < (${to}::timestamp at time zone ${timeZone}) and ${inScope}
    group by 3`);
}
