import schedule, { type Job } from 'node-schedule';
import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';

/** What is to be done when, in UTC. */
export interface Schedule {
  readonly name: string;
  /** Five cron fields. */
  readonly cron: string;
  /** Seconds between due times; the health check calls a schedule late after two of them. */
  readonly intervalSeconds: number;
  readonly run: () => Promise<unknown>;
}

export interface SchedulerDeps {
  readonly schedules: readonly Schedule[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** True for the one process that is to run this due time. */
  readonly claim: (name: string, dueAt: Date) => Promise<boolean>;
  readonly finish: (name: string, dueAt: Date, outcome: 'ok' | 'failed') => Promise<void>;
  /** Told each time that a schedule is woken, whoever runs it. */
  readonly onWake?: () => void;
  readonly onRun: (name: string, outcome: 'ok' | 'failed', finishedAt: Date) => void;
}

const MINUTE_MS = 60_000;

/**
 * Wakes schedules by node-schedule; whether this process runs a due time is for `claim` to say, so replicas cannot run
 * one twice. A schedule that is still running is not started again. A failed run is logged and counted; the next due
 * time is the retry.
 */
export function createScheduler(deps: SchedulerDeps) {
  const jobs: Job[] = [];
  const running = new Map<string, Promise<void>>();

  async function runOnce(entry: Schedule, dueAt: Date): Promise<void> {
    if (!(await deps.claim(entry.name, dueAt))) return;
    const outcome = await entry.run().then(
      () => 'ok' as const,
      (error: unknown) => {
        deps.logger.error({ schedule: entry.name, cause: describeError(error) }, 'schedule failed');
        return 'failed' as const;
      },
    );
    await deps.finish(entry.name, dueAt, outcome);
    deps.onRun(entry.name, outcome, deps.clock.now());
  }

  function wake(entry: Schedule, fireDate: Date): void {
    deps.onWake?.();
    if (running.has(entry.name)) return;
    const dueAt = new Date(Math.floor(fireDate.getTime() / MINUTE_MS) * MINUTE_MS);
    const run = runOnce(entry, dueAt)
      .catch((error: unknown) => deps.logger.error({ schedule: entry.name, cause: describeError(error) }, 'schedule could not be booked'))
      .finally(() => running.delete(entry.name));
    running.set(entry.name, run);
  }

  return {
    /** Plans all schedules and runs each once now, so that a fresh start is not blind until the first due time. Idempotent. */
    start(): void {
      if (jobs.length > 0) return;
      for (const entry of deps.schedules) {
        const job = schedule.scheduleJob({ rule: entry.cron, tz: 'Etc/UTC' }, (fireDate) => wake(entry, fireDate));
        if (!job) throw new Error(`the schedule ${entry.name} has an invalid cron expression`);
        jobs.push(job);
        wake(entry, deps.clock.now());
      }
    },
    /** Plans nothing more and waits for what is running. Idempotent. */
    async stop(): Promise<void> {
      for (const job of jobs.splice(0)) job.cancel();
      await Promise.all(running.values());
    },
  };
}

export type Scheduler = ReturnType<typeof createScheduler>;
