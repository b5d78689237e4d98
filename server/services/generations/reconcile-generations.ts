import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';

/**
 * Books reservations whose process died as `unknown`: whether they were billed is not known here, and a cost is never
 * guessed. Those whose generation has an id are looked up by it from now on; the others stay unknown, with their age.
 * Returns how many were found.
 */
export async function reconcileGenerations(executor: Executor, now: Date): Promise<number> {
  const left = await executor
    .update(aiUsage)
    .set({
      status: 'unknown',
      errorType: 'interrupted',
      disposition: 'undelivered',
      finishedAt: now,
      leaseUntil: null,
      nextLookupAt: sql`case when ${aiUsage.generationId} is null then null else ${now.toISOString()}::timestamptz end`,
    })
    .where(and(eq(aiUsage.status, 'reserved'), or(isNull(aiUsage.leaseUntil), lt(aiUsage.leaseUntil, now))))
    .returning({ requestId: aiUsage.requestId });
  return left.length;
}

/** Ends the leases of all reservations: whoever held them is known to be dead. */
export async function releaseReservations(executor: Executor): Promise<void> {
  await executor.update(aiUsage).set({ leaseUntil: null }).where(eq(aiUsage.status, 'reserved'));
}
