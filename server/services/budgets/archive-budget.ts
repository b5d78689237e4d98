import { eq } from 'drizzle-orm';
import { budgets } from '#db/schema/index.ts';
import type { BudgetIdInput } from '#server/contracts/budgets.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { BudgetDeps } from './deps.ts';
import { findActiveBudget } from './find-budget.ts';
import { holdBudgets } from './lock.ts';

/**
 * Takes a budget out of force for good; its history stays. Throws `AppError` `not_found`, or `conflict` when it is
 * archived already.
 */
export async function archiveBudget({ db, clock }: Pick<BudgetDeps, 'db' | 'clock'>, { budgetId }: BudgetIdInput, adminId: number): Promise<void> {
  await db.transaction(async (tx) => {
    await holdBudgets(tx);
    const { name } = await findActiveBudget(tx, budgetId);
    const at = clock.now();
    await tx.update(budgets).set({ archivedAt: at, updatedAt: at }).where(eq(budgets.id, budgetId));
    await recordAudit(tx, { at, adminId, action: 'budget.archive', subject: `budget:${budgetId}`, details: { name } });
  });
}
