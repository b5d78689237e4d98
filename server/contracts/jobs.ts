import { z } from 'zod';
import { Count } from './amounts.ts';
import { ReportHead } from './report-head.ts';
import { SCHEDULE_NAMES, ScheduleName } from './schedules.ts';
import { RangeInput } from './time-range.ts';
import { JOBS, QUEUES, RUN_OUTCOMES } from './vocabulary.ts';

/** Schedules are due by the clock; jobs wait in a queue. */
export const WORK_KINDS = ['schedule', 'job'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

export const WORK_NAMES = [...SCHEDULE_NAMES, ...JOBS] as const;
const WorkName = z.enum(WORK_NAMES, { error: `must be one of ${WORK_NAMES.join(', ')}` });
export type WorkName = z.infer<typeof WorkName>;

/** A range, and the schedule or job that all of the report but the queues is narrowed to. */
export const JobsInput = RangeInput.safeExtend({ name: WorkName.optional() });
export type JobsInput = z.infer<typeof JobsInput>;

const Ms = z.number().nonnegative().nullable();

/** Runs by how they ended: the counts below the first add up to it. */
const RunCounts = z.object({
  runCount: Count,
  okCount: Count,
  failedCount: Count,
  /** Failed, and tried again later; of jobs only. */
  retriedCount: Count,
  /** Not ended: it runs, or its process died. */
  openCount: Count,
});
export type RunCounts = z.infer<typeof RunCounts>;

/** Percentiles within 3 %, of runs that have ended; null without any. */
const Runs = RunCounts.extend({
  /** Failed ones of those that have ended, 0 to 1. */
  failureRatio: z.number().min(0).max(1).nullable(),
  p50Ms: Ms,
  p95Ms: Ms,
});
export type Runs = z.infer<typeof Runs>;

/** The runs of schedules and jobs that started in a range, of which cut five minutes count as a whole. */
export const JobsFigures = z.object({
  chosen: WorkName.nullable(),
  total: Runs,
  /** Every schedule and job, those without a run included; `other`: names of older versions. */
  runs: z.array(Runs.extend({ kind: z.enum(WORK_KINDS), name: WorkName.or(z.literal('other')) })),
  /** Every bucket of the range, empty ones included. */
  overTime: z.array(RunCounts.extend({ startsAt: z.iso.datetime(), isUnfinished: z.boolean() })),
});
export type JobsFigures = z.infer<typeof JobsFigures>;

/** How many of its last runs are looked at for the last success and failure of a schedule. */
export const RUNS_LOOKED_AT = 500;
/** How far back the last runs of a job are looked for. */
export const JOB_DAYS_LOOKED_AT = 30;

/** `off`: this installation has no use for it, as it lacks a key; `never`: no run is on record; `late`: no success within two of its rounds. */
export const SCHEDULE_STATES = ['on_time', 'late', 'never', 'off'] as const;

const Instant = z.iso.datetime();

export const ScheduleNow = z.object({
  name: ScheduleName,
  state: z.enum(SCHEDULE_STATES),
  intervalSeconds: Count,
  /** Null where it is off. */
  nextDueAt: Instant.nullable(),
  /** Null where it is not late. */
  lateSince: Instant.nullable(),
  lastRun: z.object({ startedAt: Instant, finishedAt: Instant.nullable(), outcome: z.enum([...RUN_OUTCOMES, 'running']) }).nullable(),
  /** When it ended; null: not among the last runs. */
  lastSuccessAt: Instant.nullable(),
  lastFailureAt: Instant.nullable(),
});
export type ScheduleNow = z.infer<typeof ScheduleNow>;

/** Starts of jobs, told by the five minutes they fell into; null: none of late. */
export const JobNow = z.object({ name: z.enum(JOBS), lastRunAt: Instant.nullable(), lastSuccessAt: Instant.nullable(), lastFailureAt: Instant.nullable() });
export type JobNow = z.infer<typeof JobNow>;

/** How things stand now, whatever the range. */
export const JobsNow = z.object({
  /** Schedules whose last run has not ended, and jobs that a worker holds. */
  runningCount: Count,
  schedules: z.array(ScheduleNow),
  jobs: z.array(JobNow),
  queues: z.array(z.object({ queue: z.enum(QUEUES), pending: Count, active: Count, failed: Count, completed: Count })),
});
export type JobsNow = z.infer<typeof JobsNow>;

/** The schedules and jobs of a range, and of the range that it is compared with. */
export const JobsReport = ReportHead.extend(JobsFigures.shape).extend({ now: JobsNow, compared: JobsFigures.nullable() });
export type JobsReport = z.infer<typeof JobsReport>;
