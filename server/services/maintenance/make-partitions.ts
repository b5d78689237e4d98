import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { PARTITIONS_LOCK_KEY } from '#db/queries/partitions.ts';

/** Makes the monthly partitions of `interactions` for every month from `from` to `to`; those that exist stay as they are. */
export async function makePartitions(executor: Executor, from: Date, to: Date): Promise<void> {
  await executor.execute(sql`
    select ensure_interactions_partitions(${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz)
    from pg_advisory_xact_lock(${PARTITIONS_LOCK_KEY})`);
}
