import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';

const row = (table: string): SQL => {
  const t = sql.raw(table);
  return sql`${t}.handler, coalesce(${t}.operation, '') as operation, ${t}.outcome, coalesce(${t}.error_type, '') as error_type,
    coalesce(${t}.reading_source, '') as reading_source, 1 as interaction_count, ${t}.duration_ms`;
};

/**
 * The updates that were handled in a range as a relation: `bucket`, `handler`, `operation`, `outcome`, `error_type`,
 * `reading_source` (an empty text is none), and `interaction_count` and `duration_ms` to be summed.
 */
export function interactionParts(cover: Cover): SQL {
  return unionParts(cover, {
    rollups: sql`interaction_rollups`,
    columns: sql`r.handler, r.operation, r.outcome, r.error_type, r.reading_source, r.interaction_count, r.duration_ms`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, ${row('d')} from interaction_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`select ${bucketOf(sql`i.at`, cover)}, ${row('i')} from ${rowsWithin(cover.raw, { table: sql`interactions`, at: 'at', alias: 'i' })}`,
    ],
  });
}
