import { and, eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { aiUsage } from '#db/schema/index.ts';

/** Notes that the text of a generation reached a user. Doing it again changes nothing. */
export async function markGenerationDelivered(executor: Executor, requestId: string): Promise<void> {
  await executor
    .update(aiUsage)
    .set({ disposition: 'delivered' })
    .where(and(eq(aiUsage.requestId, requestId), eq(aiUsage.disposition, 'undelivered')));
}
