import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { healthSamples, type HealthSampleRow } from '../schema/index.ts';

export interface BarsQuery {
  readonly checks: readonly string[];
  readonly resolution: HealthSampleRow['resolution'];
  readonly resolutionMs: number;
  /** Both full buckets. */
  readonly from: Date;
  readonly to: Date;
  readonly barMs: number;
  /** Samples of the time from here on may be on their way. */
  readonly settledTo: Date;
}

const total = (column: unknown) => sql`sum(${column})`.mapWith(Number);

/**
 * The samples of a range in bars of one length, of which only those are told that hold something. `bar` counts from the
 * epoch; `coveredMs` is what of the time before `settledTo` is sampled, where a bucket cannot hold more than its length,
 * however many processes sampled it.
 */
export function sumBars(executor: Executor, { checks, resolution, resolutionMs, from, to, barMs, settledTo }: BarsQuery) {
  const startMs = sql`(extract(epoch from ${healthSamples.bucketAt}) * 1000)::bigint`;
  const settledMs = sql`greatest(least(${startMs} + ${resolutionMs}::bigint, ${settledTo.getTime()}::bigint) - ${startMs}, 0)`;
  const sampledMs = sql`${healthSamples.healthyMs} + ${healthSamples.unhealthyMs} + ${healthSamples.disabledMs}`;
  return executor
    .select({
      check: healthSamples.check,
      bar: sql`${startMs} / ${barMs}::bigint`.mapWith(Number),
      healthyMs: total(healthSamples.healthyMs),
      unhealthyMs: total(healthSamples.unhealthyMs),
      disabledMs: total(healthSamples.disabledMs),
      coveredMs: sql`sum(least(${settledMs}, ${sampledMs}))`.mapWith(Number),
      sampleCount: total(healthSamples.sampleCount),
      latencySumMs: total(healthSamples.latencySumMs),
      latencyMaxMs: sql`max(${healthSamples.latencyMaxMs})`.mapWith(Number),
    })
    .from(healthSamples)
    .where(
      and(
        inArray(healthSamples.check, [...checks]),
        eq(healthSamples.resolution, resolution),
        gte(healthSamples.bucketAt, from),
        lt(healthSamples.bucketAt, to),
      ),
    )
    .groupBy(healthSamples.check, sql`2`);
}
