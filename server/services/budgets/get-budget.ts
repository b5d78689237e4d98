import type { BudgetIdInput, BudgetSettings } from '#server/contracts/budgets.ts';
import type { BudgetDeps } from './deps.ts';
import { describeBudget } from './describe-budget.ts';
import { findBudget } from './find-budget.ts';

/** A budget as its form shows it. Throws `AppError` `not_found`. */
export async function getBudget({ db }: Pick<BudgetDeps, 'db'>, { budgetId }: BudgetIdInput): Promise<BudgetSettings> {
  const budget = await findBudget(db, budgetId);
  return { ...describeBudget(budget), steps: [...budget.steps], archivedAt: budget.archivedAt?.toISOString() ?? null };
}
