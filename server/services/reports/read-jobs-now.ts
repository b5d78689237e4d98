import cronParser from 'cron-parser';
import type { Executor } from '#db/client.ts';
import { listLastJobRuns } from '#db/queries/rollups/jobs.ts';
import { listLastRuns, type LastRuns } from '#db/queries/schedule-runs.ts';
import { JOB_DAYS_LOOKED_AT, RUNS_LOOKED_AT, type JobNow, type JobsNow, type ScheduleNow, type WorkName } from '#server/contracts/jobs.ts';
import { lateAfterSeconds, SCHEDULE_NAMES, SCHEDULES, type ScheduleName } from '#server/contracts/schedules.ts';
import { JOBS, QUEUES } from '#server/contracts/vocabulary.ts';
import { createEndedCounter, readQueueDepths, type EndedCounter } from './read-queue-depths.ts';

const DAY_MS = 86_400_000;

/** What an installation does beside answering. */
export interface Work {
  /** The schedules that it has a use for. */
  readonly planned: readonly ScheduleName[];
  /** Shared by all readings, because counting what has ended may be dear. */
  readonly countEnded: EndedCounter;
}

interface NowScope {
  readonly executor: Executor;
  readonly now: Date;
}

/** How schedules, jobs and queues stand now; the first two of one name where it is given. */
export async function readJobsNow({ executor, now }: NowScope, work: Work | undefined, name: WorkName | undefined): Promise<JobsNow> {
  const { planned = SCHEDULE_NAMES, countEnded = createEndedCounter() } = work ?? {};
  const isWanted = (one: WorkName) => name === undefined || one === name;
  const wanted = SCHEDULES.filter((schedule) => isWanted(schedule.name));
  const [runs, jobRuns, depths] = await Promise.all([
    listLastRuns(executor, wanted.map((schedule) => schedule.name), RUNS_LOOKED_AT),
    listLastJobRuns(executor, new Date(now.getTime() - JOB_DAYS_LOOKED_AT * DAY_MS)),
    readQueueDepths(executor, now, countEnded),
  ]);
  const schedules = wanted.map((schedule) => toScheduleNow(schedule, runs.find((run) => run.schedule === schedule.name), { isPlanned: planned.includes(schedule.name), now }));
  const jobs = JOBS.filter(isWanted);
  const running = schedules.filter(({ lastRun }) => lastRun?.outcome === 'running').length;
  return {
    runningCount: jobs.reduce((sum, job) => sum + depths[job].active, running),
    schedules,
    jobs: jobs.map((job): JobNow => {
      const lastOf = (...outcomes: readonly string[]) => latest(jobRuns.flatMap((run) => (run.name === job && outcomes.includes(run.outcome) ? [run.at] : [])));
      return { name: job, lastRunAt: lastOf('ok', 'failed', 'retried'), lastSuccessAt: lastOf('ok'), lastFailureAt: lastOf('failed', 'retried') };
    }),
    queues: QUEUES.map((queue) => ({ queue, ...depths[queue] })),
  };
}

/** A schedule without a success is late when the runs on record reach back far enough to have held one. */
function toScheduleNow({ name, cron, intervalSeconds }: (typeof SCHEDULES)[number], runs: LastRuns | undefined, { isPlanned, now }: { isPlanned: boolean; now: Date }): ScheduleNow {
  const since = runs && (runs.lastSuccessAt ?? runs.lookedAtFrom);
  const lateSince = since && isPlanned ? new Date(since.getTime() + lateAfterSeconds(intervalSeconds) * 1_000) : null;
  const isLate = lateSince !== null && lateSince !== undefined && lateSince < now;
  return {
    name,
    state: !isPlanned ? 'off' : !runs ? 'never' : isLate ? 'late' : 'on_time',
    intervalSeconds,
    nextDueAt: isPlanned ? nextDue(cron, now).toISOString() : null,
    lateSince: isLate ? lateSince.toISOString() : null,
    lastRun: runs ? { startedAt: runs.startedAt.toISOString(), finishedAt: runs.finishedAt?.toISOString() ?? null, outcome: runs.outcome } : null,
    lastSuccessAt: runs?.lastSuccessAt?.toISOString() ?? null,
    lastFailureAt: runs?.lastFailureAt?.toISOString() ?? null,
  };
}

/** The first due time after an instant. */
export function nextDue(cron: string, now: Date): Date {
  return cronParser.parseExpression(cron, { currentDate: now, utc: true }).next().toDate();
}

function latest(instants: readonly Date[]): string | null {
  const [last] = instants.toSorted((a, b) => b.getTime() - a.getTime());
  return last?.toISOString() ?? null;
}
