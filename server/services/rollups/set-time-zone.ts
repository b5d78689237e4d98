import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';

/** Makes the days of the rollups days of this time zone; at once, and waiting for nobody, where they are already. Else it waits for whoever writes rollups. */
export async function setRollupTimeZone(executor: Executor, timeZone: string): Promise<boolean> {
  const [state] = await executor.execute<{ time_zone: string }>(sql`select time_zone from rollup_state`);
  if (state?.time_zone === timeZone) return false;
  const [row] = await executor.execute<{ changed: boolean }>(sql`select set_rollup_time_zone(${timeZone}) as changed`);
  return row?.changed ?? false;
}
