import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

/** Rolling windows that end now: DAU, WAU and MAU. */
export const ACTIVE_USER_PERIODS = ['24h', '7d', '30d'] as const;
export type ActiveUserPeriod = (typeof ACTIVE_USER_PERIODS)[number];

export const ACTIVITY_METRICS = {
  activeUsers: {
    name: 'active_users',
    type: 'gauge',
    help: 'Users from whom at least one update was handled in the rolling window; absent until first read.',
    unit: 'count',
    labels: { period: ACTIVE_USER_PERIODS },
    combine: 'max',
  },
} as const;

export interface ActivityMetrics {
  setActiveUsers(counts: Readonly<Record<ActiveUserPeriod, number>>): void;
}

export function createActivityMetrics(registry: Registry): ActivityMetrics {
  const activeUsers = createGauge(registry, ACTIVITY_METRICS.activeUsers);
  return {
    setActiveUsers(counts) {
      for (const period of ACTIVE_USER_PERIODS) activeUsers.set({ period }, counts[period]);
    },
  };
}
