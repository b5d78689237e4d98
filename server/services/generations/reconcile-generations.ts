import { and, eq, lt } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';

/** Longer than any call may take: a row that is still reserved then belongs to a process that died. */
export const RESERVATION_AGE_MS_MAX = 5 * 60_000;

/**
 * Books reservations that a crash left behind as `unknown`: whether they were billed is not known here, and a cost is
 * never guessed. Returns how many.
 */
export async function reconcileGenerations(executor: Executor, now: Date): Promise<number> {
  const left = await executor
    .update(aiUsage)
    .set({ status: 'unknown', errorType: 'interrupted', finishedAt: now })
    .where(and(eq(aiUsage.status, 'reserved'), lt(aiUsage.startedAt, new Date(now.getTime() - RESERVATION_AGE_MS_MAX))))
    .returning({ requestId: aiUsage.requestId });
  return left.length;
}
