import type { Executor } from '#db/client.ts';
import { jobDeltas } from '#db/schema/index.ts';
import type { JobName, JobOutcome } from '#server/contracts/vocabulary.ts';

/** An attempt at a job that has ended. */
export interface JobRun {
  readonly job: JobName;
  readonly outcome: JobOutcome;
  readonly durationMs: number;
  readonly endedAt: Date;
}

/** Appends a run of a job to what reports count; it counts for the time at which it started. */
export async function recordJobRun(executor: Executor, { job, outcome, durationMs, endedAt }: JobRun): Promise<void> {
  const wholeMs = Math.round(durationMs);
  await executor.insert(jobDeltas).values({ at: new Date(endedAt.getTime() - wholeMs), kind: 'job', name: job, outcome, durationMs: wholeMs });
}
