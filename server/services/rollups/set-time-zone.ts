import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';

/**
 * Makes the days of the rollups days of this time zone. False when somebody else writes rollups just now: nothing was done, nobody
 * has waited, and it is to be asked again.
 */
export async function setRollupTimeZone(executor: Executor, timeZone: string): Promise<boolean> {
  const [state] = await executor.execute<{ time_zone: string }>(sql`select time_zone from rollup_state`);
  if (state?.time_zone === timeZone) return true;
  const [row] = await executor.execute<{ is_done: boolean }>(sql`
    select case when pg_try_advisory_xact_lock(rollup_lock_key()) then set_rollup_time_zone(${timeZone}) is not null else false end as is_done`);
  return row?.is_done ?? false;
}
