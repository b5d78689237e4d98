import { eq } from 'drizzle-orm';
import type { Executor, Transaction } from '#db/client.ts';
import { budgets, type Budget } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';

/** A budget, archived or not. Throws `AppError` `not_found`. */
export async function findBudget(executor: Executor, budgetId: number): Promise<Budget> {
  const [budget] = await executor.select().from(budgets).where(eq(budgets.id, budgetId));
  if (!budget) throw new AppError('not_found', 'There is no such budget.');
  return budget;
}

/** A budget that may be changed. Throws `AppError` `not_found`, or `conflict` when it is archived. */
export async function findActiveBudget(tx: Transaction, budgetId: number): Promise<Budget> {
  const budget = await findBudget(tx, budgetId);
  if (budget.archivedAt) throw new AppError('conflict', 'This budget is archived.');
  return budget;
}
