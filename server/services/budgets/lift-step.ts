import { eq } from 'drizzle-orm';
import { budgetEvents } from '#db/schema/index.ts';
import type { LiftStepInput } from '#server/contracts/budgets.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { BudgetDeps } from './deps.ts';
import { findActiveBudget } from './find-budget.ts';
import { holdBudgets } from './lock.ts';
import { periodDateOf } from './period.ts';

/**
 * Takes the effect from a step that has fired, for the rest of its period. A step that is lifted already stays as it is.
 * Throws `AppError` `not_found`, or `conflict` when its period is over or its budget archived.
 */
export async function liftStep({ db, clock, reportingTimeZone }: BudgetDeps, { eventId }: LiftStepInput, adminId: number): Promise<void> {
  await db.transaction(async (tx) => {
    await holdBudgets(tx);
    const [event] = await tx.select().from(budgetEvents).where(eq(budgetEvents.id, eventId));
    if (!event) throw new AppError('not_found', 'There is no such event.');
    if (event.liftedAt) return;
    const { period } = await findActiveBudget(tx, event.budgetId);
    const at = clock.now();
    if (event.periodDate !== periodDateOf(at, period, reportingTimeZone)) throw new AppError('conflict', 'The period of this step is over: it has no effect any more.');
    await tx.update(budgetEvents).set({ liftedAt: at, liftedBy: adminId }).where(eq(budgetEvents.id, eventId));
    const { budgetId, periodDate, userId, percent, action } = event;
    await recordAudit(tx, { at, adminId, action: 'budget.lift', subject: `budget:${budgetId}`, details: { eventId, periodDate, userId, percent, action } });
  });
}
