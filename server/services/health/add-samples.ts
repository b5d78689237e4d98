import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import type { SampledMinute } from './types.ts';

/** Samples of one process that are added together, or not at all. */
export interface SampleBatch {
  readonly processId: number;
  /** Rises by one from batch to batch of a process; the first is 1. */
  readonly number: number;
  readonly minutes: readonly SampledMinute[];
}

/**
 * Adds samples to their minutes, hours and days, and tells the others that this process lives. A batch that is given again,
 * because its answer was lost, changes nothing. Rows are taken in one order, so that processes never wait for one another in a circle.
 */
export async function addSamples(db: Database, { processId, number, minutes }: SampleBatch, now: Date): Promise<void> {
  const rows = JSON.stringify(minutes.map((minute) => ({ ...minute, minuteAt: new Date(minute.minuteAt).toISOString() })));
  await db.execute(sql`
    with process as (
      update processes set last_seen_at = ${now.toISOString()}::timestamptz, health_batch = ${number}
      where id = ${processId} and health_batch < ${number} returning id
    )
    insert into health_samples as kept
      (check_name, resolution, bucket_at, healthy_ms, unhealthy_ms, disabled_ms, sample_count, latency_sum_ms, latency_max_ms)
    select m."check", resolution, date_trunc(resolution, m."minuteAt", 'UTC'), sum(m."healthyMs"), sum(m."unhealthyMs"), sum(m."disabledMs"),
      sum(m."sampleCount"), sum(m."latencySumMs"), max(m."latencyMaxMs")
    from process, unnest(array['minute', 'hour', 'day']) as resolution, jsonb_to_recordset(${rows}::jsonb) as m(
      "check" text, "minuteAt" timestamptz, "healthyMs" bigint, "unhealthyMs" bigint, "disabledMs" bigint, "sampleCount" int,
      "latencySumMs" bigint, "latencyMaxMs" int)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (check_name, resolution, bucket_at) do update set
      healthy_ms = kept.healthy_ms + excluded.healthy_ms,
      unhealthy_ms = kept.unhealthy_ms + excluded.unhealthy_ms,
      disabled_ms = kept.disabled_ms + excluded.disabled_ms,
      sample_count = kept.sample_count + excluded.sample_count,
      latency_sum_ms = kept.latency_sum_ms + excluded.latency_sum_ms,
      latency_max_ms = greatest(kept.latency_max_ms, excluded.latency_max_ms)`);
}
