import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';

/** Makes the days of the rollups days of this time zone; at once where they are already. Waits for whoever writes rollups. */
export async function setRollupTimeZone(executor: Executor, timeZone: string): Promise<boolean> {
  const [row] = await executor.execute<{ changed: boolean }>(sql`select set_rollup_time_zone(${timeZone}) as changed`);
  return row?.changed ?? false;
}
