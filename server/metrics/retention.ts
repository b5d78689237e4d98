import type { Registry } from 'prom-client';
import { createCounter } from './definition.ts';

export const RETENTION_METRICS = {
  deletedAttempts: {
    name: 'retention_deleted_attempts_total',
    type: 'counter',
    help: 'Attempts of the ledger that retention deleted here, counted as each batch of them is gone.',
    unit: 'count',
    labels: {},
  },
  droppedPartitions: {
    name: 'retention_dropped_partitions_total',
    type: 'counter',
    help: 'Months of handled updates that retention dropped here.',
    unit: 'count',
    labels: {},
  },
} as const;

export interface RetentionMetrics {
  /** What went just now. */
  recordDeleted(deleted: { readonly attemptCount: number; readonly monthCount: number }): void;
}

export function createRetentionMetrics(registry: Registry): RetentionMetrics {
  const attempts = createCounter(registry, RETENTION_METRICS.deletedAttempts);
  const partitions = createCounter(registry, RETENTION_METRICS.droppedPartitions);
  return {
    recordDeleted({ attemptCount, monthCount }) {
      attempts.inc(attemptCount);
      partitions.inc(monthCount);
    },
  };
}
