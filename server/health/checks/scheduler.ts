import { lateAfterSeconds } from '#server/contracts/schedules.ts';
import type { Clock } from '#server/lib/clock.ts';
import { found } from '../messages.ts';
import type { CheckResult, HealthCheck } from '../types.ts';

/** A schedule that must run. */
export interface ExpectedSchedule {
  readonly name: string;
  /** Seconds between due times. */
  readonly intervalSeconds: number;
}

export interface LastRun {
  readonly schedule: string;
  /** End of the last run that ended well, by any replica; null without one. */
  readonly lastSucceededAt: Date | null;
}

export interface SchedulerCheckOptions {
  readonly readLastRuns: () => Promise<readonly LastRun[]>;
  readonly expected: readonly ExpectedSchedule[];
  readonly clock: Clock;
  readonly intervalMs?: number;
}

function judge(expected: readonly ExpectedSchedule[], runs: readonly LastRun[], startedAt: Date, now: Date): CheckResult {
  const succeededAt = new Map(runs.map((run) => [run.schedule, run.lastSucceededAt]));
  const late = expected.filter(({ name, intervalSeconds }) => {
    // What happened before this process started is not its lateness: a fresh start gets its first round.
    const since = Math.max(startedAt.getTime(), succeededAt.get(name)?.getTime() ?? 0);
    return now.getTime() - since > lateAfterSeconds(intervalSeconds) * 1_000;
  });
  if (late.length === 0) return found('healthy', 'scheduler_ok');
  return found('unhealthy', 'scheduler_late', late.map(({ name }) => name).join(', '));
}

/** Does every schedule end well at least once in two of its rounds? */
export function createSchedulerCheck({ readLastRuns, expected, clock, intervalMs = 30_000 }: SchedulerCheckOptions): HealthCheck {
  const startedAt = clock.now();
  return {
    check: 'scheduler',
    failureCode: 'scheduler_unreadable',
    intervalMs,
    confirmMs: 5_000,
    timeoutMs: 2_000,
    hysteresis: { failures: 2, successes: 2 },
    run: async () => judge(expected, await readLastRuns(), startedAt, clock.now()),
  };
}
