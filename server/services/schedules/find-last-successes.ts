import { eq, max } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { scheduleRuns } from '#db/schema/index.ts';

/** When each schedule last ended well, in whichever process; schedules that never did are absent. */
export async function findLastSuccesses(executor: Executor): Promise<ReadonlyMap<string, Date>> {
  const rows = await executor
    .select({ schedule: scheduleRuns.schedule, finishedAt: max(scheduleRuns.finishedAt) })
    .from(scheduleRuns)
    .where(eq(scheduleRuns.outcome, 'ok'))
    .groupBy(scheduleRuns.schedule);
  return new Map(rows.flatMap(({ schedule, finishedAt }) => (finishedAt ? [[schedule, finishedAt] as const] : [])));
}
