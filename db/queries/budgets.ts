import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { admins, budgetEvents, budgets, type Budget } from '../schema/index.ts';

/** The budgets in force, oldest first. */
export function listActiveBudgets(executor: Executor): Promise<Budget[]> {
  return executor.select().from(budgets).where(isNull(budgets.archivedAt)).orderBy(asc(budgets.id));
}

export interface BudgetEventsQuery {
  readonly budgetId?: number | undefined;
  /** Events from the one behind this on. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Steps that have fired, the newest first, with their budgets and who lifted them. Events are never deleted, so any of them marks a place. */
export function listBudgetEvents(executor: Executor, { budgetId, before, limit }: BudgetEventsQuery) {
  const place = sql`(${budgetEvents.firedAt}, ${budgetEvents.id}) < (select fired_at, id from budget_events where id = ${before ?? 0})`;
  return executor
    .select({ event: budgetEvents, budget: budgets, liftedBy: admins.email })
    .from(budgetEvents)
    .innerJoin(budgets, eq(budgets.id, budgetEvents.budgetId))
    .leftJoin(admins, eq(admins.id, budgetEvents.liftedBy))
    .where(and(budgetId === undefined ? undefined : eq(budgetEvents.budgetId, budgetId), before === undefined ? undefined : place))
    .orderBy(desc(budgetEvents.firedAt), desc(budgetEvents.id))
    .limit(limit);
}
