import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/**
 * Samples of a check, rolled up: minutes for a day, hours for 90 days, days for ever. Time is what is summed, because a check
 * that times out is sampled less often than one that answers; time that nobody sampled is in no column.
 */
export const healthSamples = pgTable(
  'health_samples',
  {
    check: text('check_name').notNull(),
    resolution: text('resolution', { enum: ['minute', 'hour', 'day'] }).notNull(),
    /** Start of the bucket, UTC. */
    bucketAt: instant('bucket_at').notNull(),
    healthyMs: bigint('healthy_ms', { mode: 'number' }).notNull(),
    unhealthyMs: bigint('unhealthy_ms', { mode: 'number' }).notNull(),
    disabledMs: bigint('disabled_ms', { mode: 'number' }).notNull(),
    sampleCount: integer('sample_count').notNull(),
    latencySumMs: bigint('latency_sum_ms', { mode: 'number' }).notNull(),
    latencyMaxMs: integer('latency_max_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.check, table.resolution, table.bucketAt] })],
);

export type HealthSampleRow = typeof healthSamples.$inferSelect;
