import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import type { FinishedUpdate } from './types.ts';

/**
 * Ends claimed updates and records their interactions, all in one statement: an update is finished exactly once, and
 * never without its interaction. Tells for each, in order, whether this call ended it: false when the claim was lost
 * to another worker or the update had ended already; an end that is told again is this call's own if it is on record.
 * The interactions carry the id of the process, where there is one.
 */
export async function finishUpdates(db: Executor, finished: readonly FinishedUpdate[], processId?: number): Promise<boolean[]> {
  if (finished.length === 0) return [];
  const rows = await db.execute(sql`
    with ended as (
      select * from jsonb_to_recordset(${JSON.stringify(finished)}::jsonb) as item(
        "updateId" bigint, attempts int, at timestamptz, "userId" bigint, handler text, operation text,
        outcome text, "errorType" text, "readingSource" text, "durationMs" int, "updateAgeMs" int, "isRepeated" boolean)
    ), marked as (
      update inbox set status = case ended.outcome when 'failed' then 'failed' else 'done' end, finished_at = ended.at, lease_until = null
      from ended
      where inbox.update_id = ended."updateId" and inbox.attempts = ended.attempts and inbox.status = 'pending'
      returning ended.*
    ), recorded as (
      insert into interactions (at, update_id, user_id, handler, operation, outcome, error_type, reading_source, duration_ms, update_age_ms, process_id)
      select at, "updateId", "userId", handler, operation, outcome, "errorType", "readingSource", "durationMs", "updateAgeMs", ${processId ?? null}::int
      from marked where "userId" is not null
    )
    select "updateId" as update_id from marked
    union
    select inbox.update_id from ended join inbox on inbox.update_id = ended."updateId"
    where ended."isRepeated" and inbox.attempts = ended.attempts and inbox.finished_at = ended.at`);
  const ended = new Set([...rows].map((row) => Number(row['update_id'])));
  return finished.map(({ updateId }) => ended.has(updateId));
}
