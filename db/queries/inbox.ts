import { eq } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { inbox } from '../schema/index.ts';

/** Updates that are stored and not yet handled. */
export function countPendingUpdates(executor: Executor): Promise<number> {
  return executor.$count(inbox, eq(inbox.status, 'pending'));
}
