import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { budgetEvents, budgets } from '#db/schema/index.ts';
import type { BudgetDeps } from './deps.ts';
import { describeNotices } from './notice-text.ts';

export interface NotifyDeps extends Pick<BudgetDeps, 'db' | 'clock'> {
  /** Writes to the owner's chat, and rejects when that may not have worked; null where there is none. */
  readonly sendToOwner: ((text: string) => Promise<void>) | null;
  /** Where the owner sees the budgets. */
  readonly budgetsUrl: string;
}

/** Events of one message. */
const NOTICES_MAX = 500;

/**
 * Tells the owner of the steps that have fired since, all in one message. Rejects when it could not be sent: then they
 * are still owed. Without a chat they count as told, so that nothing piles up for one that is set later. One process at a
 * time calls this. Returns how many events were told.
 */
export async function notifyOwner({ db, clock, sendToOwner, budgetsUrl }: NotifyDeps): Promise<number> {
  const owed = await db
    .select({ event: budgetEvents, budget: budgets })
    .from(budgetEvents)
    .innerJoin(budgets, eq(budgets.id, budgetEvents.budgetId))
    .where(isNull(budgetEvents.notifiedAt))
    .orderBy(asc(budgetEvents.firedAt), asc(budgetEvents.id))
    .limit(NOTICES_MAX);
  if (owed.length === 0) return 0;
  await sendToOwner?.(describeNotices(owed, budgetsUrl));
  const ids = owed.map(({ event }) => event.id);
  await db.update(budgetEvents).set({ notifiedAt: clock.now() }).where(and(inArray(budgetEvents.id, ids), isNull(budgetEvents.notifiedAt)));
  return sendToOwner ? owed.length : 0;
}
