import { z } from 'zod';
import { HealthCheckName, HealthCode, HealthState } from './vocabulary.ts';

/** One check as last sampled. `state` is null before the first sample. */
export const HealthCheckReport = z.object({
  check: HealthCheckName,
  state: HealthState.nullable(),
  code: HealthCode,
  /** What the code counts or names: the seconds of a time-out, schedules that are late; else null. */
  detail: z.string().nullable(),
  /** The same in English. Safe for anybody to read: no hosts, no SQL, no exception text. */
  message: z.string(),
  latencyMs: z.number().nonnegative().nullable(),
  /** Seconds since the sample was taken; null before the first. */
  ageSeconds: z.number().nonnegative().nullable(),
});
export type HealthCheckReport = z.infer<typeof HealthCheckReport>;

export const HealthReport = z.object({
  /** False if any check that counts is unhealthy or was never sampled. */
  isHealthy: z.boolean(),
  checks: z.array(HealthCheckReport),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** Why a process is not ready. */
export const READINESS_OBSTACLES = ['stopping', 'schema_not_current', 'database_not_answering', 'event_loop_stuck'] as const;
export type ReadinessObstacle = (typeof READINESS_OBSTACLES)[number];
