import { count, isNull } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { budgets } from '#db/schema/index.ts';
import { ACTIVE_BUDGETS_MAX, type CreateBudgetInput } from '#server/contracts/budgets.ts';
import { AppError, invariant } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { BudgetDeps } from './deps.ts';
import { describeBudget } from './describe-budget.ts';
import { holdBudgets } from './lock.ts';
import { recountBudget } from './recount.ts';

/**
 * Makes a budget that knows from its first moment what its running period has cost so far, and returns its id.
 * Throws `AppError` `conflict` when there are too many already.
 */
export async function createBudget({ db, clock, reportingTimeZone }: BudgetDeps, input: CreateBudgetInput, adminId: number): Promise<number> {
  return db.transaction(async (tx) => {
    await holdBudgets(tx);
    await requireRoom(tx);
    const at = clock.now();
    const { name, period, scope, scopeValue, limitUsd, steps } = input;
    const [budget] = await tx.insert(budgets).values({ name, period, scope, scopeValue, limitUsd, steps, createdAt: at, updatedAt: at }).returning();
    invariant(budget, 'an inserted budget is returned');
    await recountBudget(tx, budget, reportingTimeZone, at);
    const { budgetId, ...after } = describeBudget(budget);
    await recordAudit(tx, { at, adminId, action: 'budget.create', subject: `budget:${budgetId}`, details: { after: { ...after, steps } } });
    return budgetId;
  });
}

async function requireRoom(tx: Transaction): Promise<void> {
  const [active] = await tx.select({ count: count() }).from(budgets).where(isNull(budgets.archivedAt));
  if ((active?.count ?? 0) >= ACTIVE_BUDGETS_MAX) throw new AppError('conflict', `There may be at most ${ACTIVE_BUDGETS_MAX} budgets. Archive one first.`);
}
