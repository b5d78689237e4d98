import { eq } from 'drizzle-orm';
import { budgets } from '#db/schema/index.ts';
import type { UpdateBudgetInput } from '#server/contracts/budgets.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { BudgetDeps } from './deps.ts';
import { findActiveBudget } from './find-budget.ts';
import { holdBudgets } from './lock.ts';

/**
 * Changes name, limit and steps, in force from the next call on. A step that has fired in the running period stays fired.
 * Throws `AppError` `not_found`, or `conflict` when the budget is archived.
 */
export async function updateBudget({ db, clock }: Pick<BudgetDeps, 'db' | 'clock'>, input: UpdateBudgetInput, adminId: number): Promise<void> {
  await db.transaction(async (tx) => {
    await holdBudgets(tx);
    const { budgetId, name, limitUsd, steps } = input;
    const before = await findActiveBudget(tx, budgetId);
    const at = clock.now();
    await tx.update(budgets).set({ name, limitUsd, steps, updatedAt: at }).where(eq(budgets.id, budgetId));
    await recordAudit(tx, {
      at,
      adminId,
      action: 'budget.update',
      subject: `budget:${budgetId}`,
      details: { before: { name: before.name, limitUsd: before.limitUsd, steps: before.steps }, after: { name, limitUsd, steps } },
    });
  });
}
