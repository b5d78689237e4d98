import { and, eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { scheduleRuns } from '#db/schema/index.ts';
import type { ScheduleRunKey } from './claim-run.ts';

/** Notes how a claimed run ended. */
export async function finishRun(executor: Executor, key: ScheduleRunKey, outcome: 'ok' | 'failed', finishedAt: Date): Promise<void> {
  await executor
    .update(scheduleRuns)
    .set({ outcome, finishedAt })
    .where(and(eq(scheduleRuns.schedule, key.schedule), eq(scheduleRuns.dueAt, key.dueAt)));
}
