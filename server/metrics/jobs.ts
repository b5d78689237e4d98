import type { Registry } from 'prom-client';
import { JOBS, JOB_OUTCOMES, QUEUES, QUEUE_STATUSES, type JobName, type JobOutcome, type QueueName, type QueueStatus } from '#server/contracts/vocabulary.ts';
import { createCounter, createGauge, createHistogram } from './definition.ts';
import type { ErrorMetrics } from './errors.ts';

export const JOB_METRICS = {
  queueDepth: {
    name: 'queue_depth',
    type: 'gauge',
    help: 'Work in a queue by status; what has ended is counted for as long as it is kept. Absent until first read.',
    unit: 'count',
    labels: { queue: QUEUES, status: QUEUE_STATUSES },
    combine: 'max',
  },
  jobs: {
    name: 'jobs_total',
    type: 'counter',
    help: 'Attempts at jobs that ended here; retried: failed, and tried again later.',
    unit: 'count',
    labels: { job: JOBS, outcome: JOB_OUTCOMES },
  },
  duration: {
    name: 'job_duration_seconds',
    type: 'histogram',
    help: 'Time an attempt at a job took.',
    unit: 'seconds',
    labels: { job: JOBS },
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
  },
} as const;

/** An attempt at a job that has ended. */
export interface EndedJob {
  readonly job: JobName;
  readonly outcome: JobOutcome;
  readonly durationMs: number;
}

/** How much of each status waits in each queue. */
export type QueueDepths = Readonly<Record<QueueName, Readonly<Record<QueueStatus, number>>>>;

export interface JobMetrics {
  recordJob(job: EndedJob): void;
  setQueueDepths(depths: QueueDepths): void;
}

export function createJobMetrics(registry: Registry, errors: ErrorMetrics): JobMetrics {
  const queueDepth = createGauge(registry, JOB_METRICS.queueDepth);
  const jobs = createCounter(registry, JOB_METRICS.jobs);
  const duration = createHistogram(registry, JOB_METRICS.duration);
  errors.declareHandlers(JOBS);
  for (const job of JOBS) {
    for (const outcome of JOB_OUTCOMES) jobs.inc({ job, outcome }, 0);
    duration.zero({ job });
  }
  return {
    recordJob({ job, outcome, durationMs }) {
      jobs.inc({ job, outcome });
      duration.observe({ job }, durationMs / 1_000);
      if (outcome !== 'ok') errors.recordError(job, 'internal');
    },
    setQueueDepths(depths) {
      for (const queue of QUEUES) {
        for (const status of QUEUE_STATUSES) queueDepth.set({ queue, status }, depths[queue][status]);
      }
    },
  };
}
