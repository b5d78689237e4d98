import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, unionParts, type Cover } from './cover.ts';

/**
 * Runs of schedules and jobs by their start, as a relation: `bucket`, `kind`, `name`, `outcome`, and `run_count` and
 * `duration_ms` to be summed. Of cut five minutes all or nothing: give it a cover whose ends are whole.
 */
export function jobParts(cover: Cover): SQL {
  return unionParts(cover, {
    rollups: sql`job_rollups`,
    columns: sql`r.kind, r.name, r.outcome, r.run_count, r.duration_ms`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, d.kind, d.name, d.outcome, d.weight::int, d.weight::int * coalesce(d.duration_ms, 0)
        from job_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
    ],
  });
}
