import type { Registry } from 'prom-client';
import { HEALTH_CHECKS, type HealthCheckName, type HealthState } from '#server/contracts/vocabulary.ts';
import { createGauge, createHistogram } from './definition.ts';

/** `disabled` is neither up nor down: an alert on `== 0` leaves it alone, and a panel can still tell it from "no sample". */
export const HEALTH_STATE_VALUES: Readonly<Record<HealthState, number>> = { healthy: 1, unhealthy: 0, disabled: -1 };

export const HEALTH_METRICS = {
  status: {
    name: 'health_check_status',
    type: 'gauge',
    help: 'State of a check as last sampled: 1 healthy, 0 unhealthy, -1 disabled; absent before its first sample.',
    unit: 'state',
    labels: { check: HEALTH_CHECKS },
    combine: 'first',
  },
  duration: {
    name: 'health_check_duration_seconds',
    type: 'histogram',
    help: 'Time a check took.',
    unit: 'seconds',
    labels: { check: HEALTH_CHECKS },
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 3, 5, 10],
  },
} as const;

/** One finished check. */
export interface HealthSample {
  readonly check: HealthCheckName;
  readonly state: HealthState;
  readonly latencyMs: number;
}

export interface HealthMetrics {
  recordSample(sample: HealthSample): void;
}

export function createHealthMetrics(registry: Registry): HealthMetrics {
  const status = createGauge(registry, HEALTH_METRICS.status);
  const duration = createHistogram(registry, HEALTH_METRICS.duration);
  for (const check of HEALTH_CHECKS) duration.zero({ check });
  return {
    recordSample(sample) {
      status.set({ check: sample.check }, HEALTH_STATE_VALUES[sample.state]);
      if (sample.state !== 'disabled') duration.observe({ check: sample.check }, sample.latencyMs / 1_000);
    },
  };
}
