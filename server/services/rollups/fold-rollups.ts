import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';

/** Changes of one kind that one transaction brings in: long enough to be worth it, short enough to be undone by a stop. */
const BATCH = 20_000;

/**
 * Brings what has changed in raw rows into the rollups, until nothing is left or somebody else is at it. Reports are right
 * without it, because they add what is not folded yet; it keeps that short. Returns how many rounds it took.
 */
export async function foldRollups(executor: Executor, batch = BATCH): Promise<number> {
  for (let rounds = 1; ; rounds += 1) {
    const [row] = await executor.execute<{ folded: number | null }>(sql`select fold_rollups(${batch}) as folded`);
    if (row?.folded == null || row.folded < batch) return rounds;
  }
}
