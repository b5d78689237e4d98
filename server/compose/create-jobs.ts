import type { Database } from '#db/client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import { createScheduler, type Scheduler } from '#server/jobs/scheduler.ts';
import type { Schedule } from '#server/jobs/scheduler.ts';
import { createSchedules } from '#server/jobs/schedules.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';

interface JobDeps {
  readonly db: Database;
  readonly llm: LlmClient | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The schedules of this program, and the scheduler that runs them through Postgres. */
export function createJobs({ db, llm, clock, logger, metrics }: JobDeps): { schedules: readonly Schedule[]; scheduler: Scheduler } {
  const schedules = createSchedules({ db, llm, clock });
  const scheduler = createScheduler({
    schedules,
    clock,
    logger,
    claim: (schedule, dueAt) => claimRun(db, { schedule, dueAt }, clock.now()),
    finish: (schedule, dueAt, outcome) => finishRun(db, { schedule, dueAt }, outcome, clock.now()),
    onRun: (schedule, outcome, finishedAt) => metrics.scheduler.recordRun({ schedule, outcome, finishedAt }),
  });
  return { schedules, scheduler };
}
