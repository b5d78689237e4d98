import type { Registry } from 'prom-client';
import { RUN_OUTCOMES, type RunOutcome } from '#server/contracts/vocabulary.ts';
import { createCounter, createGauge } from './definition.ts';
import type { ErrorMetrics } from './errors.ts';
import { closedSet } from './labels.ts';

export const SCHEDULER_METRICS = {
  runs: {
    name: 'scheduler_runs_total',
    type: 'counter',
    help: 'Runs of a schedule that ended here.',
    unit: 'count',
    labels: { schedule: 'configured', outcome: RUN_OUTCOMES },
  },
  lastSuccess: {
    name: 'scheduler_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When a schedule last ended well here; absent before that.',
    unit: 'unix seconds',
    labels: { schedule: 'configured' },
    combine: 'max',
  },
} as const;

/** One ended run. */
export interface EndedRun {
  readonly schedule: string;
  readonly outcome: RunOutcome;
  readonly finishedAt: Date;
}

export interface SchedulerMetrics {
  recordRun(run: EndedRun): void;
}

/** `schedules`: the names of all of them. */
export function createSchedulerMetrics(registry: Registry, schedules: readonly string[], errors: ErrorMetrics): SchedulerMetrics {
  const runs = createCounter(registry, SCHEDULER_METRICS.runs);
  const lastSuccess = createGauge(registry, SCHEDULER_METRICS.lastSuccess);
  const scheduleLabel = closedSet(schedules);
  errors.declareHandlers(schedules);
  for (const schedule of schedules) {
    for (const outcome of RUN_OUTCOMES) runs.inc({ schedule, outcome }, 0);
  }
  return {
    recordRun(run) {
      const schedule = scheduleLabel(run.schedule);
      runs.inc({ schedule, outcome: run.outcome });
      if (run.outcome === 'ok') lastSuccess.set({ schedule }, run.finishedAt.getTime() / 1_000);
      else errors.recordError(schedule, 'internal');
    },
  };
}
