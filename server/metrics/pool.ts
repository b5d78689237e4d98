import type { Registry } from 'prom-client';
import { createGauge } from './definition.ts';

/** `waiting`: statements that wait for a connection. */
export const POOL_STATES = ['active', 'idle', 'waiting'] as const;
export type PoolState = (typeof POOL_STATES)[number];

export const POOL_METRICS = {
  connections: {
    name: 'db_pool_connections',
    type: 'gauge',
    help: 'Connections of the pool to Postgres that are in use or idle, and what waits for one; absent before the pool is open.',
    unit: 'count',
    labels: { state: POOL_STATES },
  },
} as const;

export interface PoolMetrics {
  /** Reads the pool at each render; memory only. */
  observePool(read: () => Readonly<Record<PoolState, number>>): void;
}

export function createPoolMetrics(registry: Registry): PoolMetrics {
  let readPool: (() => Readonly<Record<PoolState, number>>) | undefined;
  createGauge(registry, POOL_METRICS.connections, function collect() {
    const counts = readPool?.();
    if (!counts) return;
    for (const state of POOL_STATES) this.set({ state }, counts[state]);
  });
  return {
    observePool: (read) => {
      readPool = read;
    },
  };
}
