import type { Executor } from '#db/client.ts';
import { scheduleRuns } from '#db/schema/index.ts';

export interface ScheduleRunKey {
  readonly schedule: string;
  readonly dueAt: Date;
}

/** Takes the run of a schedule at a due time; false when another process has it. */
export async function claimRun(executor: Executor, { schedule, dueAt }: ScheduleRunKey, startedAt: Date): Promise<boolean> {
  const claimed = await executor
    .insert(scheduleRuns)
    .values({ schedule, dueAt, startedAt, outcome: 'running' })
    .onConflictDoNothing()
    .returning({ schedule: scheduleRuns.schedule });
  return claimed.length === 1;
}
