import { sql, type SQL } from 'drizzle-orm';
import { bucketOf, isFoldedSpan, unionParts, type Cover } from './cover.ts';

/**
 * Requests to the web site as a relation: `bucket`, `handler`, `method`, `status`, and `request_count` to be summed. Of cut
 * five minutes all or nothing: give it a cover whose ends are whole.
 */
export function httpParts(cover: Cover): SQL {
  return unionParts(cover, {
    rollups: sql`http_rollups`,
    columns: sql`r.handler, r.method, r.status, r.request_count`,
    rest: [
      sql`select ${bucketOf(sql`d.at`, cover)}, d.handler, d.method, d.status, d.request_count from http_deltas d where ${isFoldedSpan(sql`d.at`, cover)}`,
    ],
  });
}
