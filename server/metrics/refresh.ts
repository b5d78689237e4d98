import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

/** The readings that come from Postgres, by the metric that they fill. */
export const REFRESHED_GAUGES = ['active_users', 'telegram_pending_updates', 'ai_unsettled', 'ai_ledger_drift_dollars', 'budget_spent_ratio', 'queue_depth'] as const;

export const REFRESH_METRICS = {
  // Not `gauge_refresh_…`: promtool refuses names that include a metric type.
  refreshed: {
    name: 'refresh_timestamp_seconds',
    type: 'gauge',
    help: 'When a gauge was last read from the database; absent before the first time.',
    unit: 'unix seconds',
    labels: { gauge: REFRESHED_GAUGES },
    combine: 'max',
  },
} as const;

export interface RefreshMetrics {
  /** All readings were made at this instant. */
  recordRefreshed(at: Date): void;
}

export function createRefreshMetrics(registry: Registry): RefreshMetrics {
  const refreshed = createGauge(registry, REFRESH_METRICS.refreshed);
  return {
    recordRefreshed(at) {
      for (const gauge of REFRESHED_GAUGES) refreshed.set({ gauge }, at.getTime() / 1_000);
    },
  };
}
