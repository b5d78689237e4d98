import { sql, type SQL } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';

const DAY_MS = 86_400_000;
/** Attempts that one transaction deletes: their locks are held for a moment. */
const BATCH = 5_000;

/** What a batch came to; `until` is where the next one goes on, null when nothing is left. */
interface Batch {
  readonly count: number;
  readonly until: string | null;
}

/**
 * Deletes attempts of the ledger from before the UTC day of an instant, oldest first, with their corrections. Those whose cost is not known yet
 * stay. Tells how many it deleted, and `onBatch` of each batch; cut off, it leaves no attempt without its corrections, and the next call goes on.
 */
export async function deleteAttempts(db: Database, before: Date, onBatch: (count: number) => void): Promise<number> {
  const day = sql`${new Date(Math.floor(before.getTime() / DAY_MS) * DAY_MS).toISOString()}::timestamptz`;
  const [old] = await db.execute(sql`select 1 from ai_usage where started_at < ${day} and status in ('settled', 'void') limit 1`);
  if (!old) return 0;
  await db.transaction((tx) => moveHorizon(tx, day));
  let deleted = 0;
  for (let from: string | null = '-infinity'; from !== null; ) {
    const { count, until } = await deleteBatch(db, from, day);
    deleted += count;
    onBatch(count);
    from = until;
  }
  return deleted;
}

/** First of all, so that no reader and no rebuild looks for raw rows which are on their way out. */
async function moveHorizon(tx: Transaction, day: SQL): Promise<void> {
  // Whoever rebuilds a day has read all of its rows before any goes, and knows of the horizon afterwards.
  await tx.execute(sql`select pg_advisory_xact_lock(rollup_lock_key())`);
  await tx.execute(sql`
    insert into raw_horizons as h (table_name, kept_from) values ('ai_usage', ${day})
    on conflict (table_name) do update set kept_from = greatest(h.kept_from, excluded.kept_from)`);
}

/** From the instant where the batch before ended, so that open attempts, which stay, are passed over once and not by every batch. */
async function deleteBatch(db: Database, from: string, day: SQL): Promise<Batch> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('adtrobot.is_retention', 'on', true)`);
    const [row] = await tx.execute<{ count: number; until: string | null }>(sql`
      with old as materialized (
        select request_id, started_at from ai_usage
        where started_at >= ${from}::timestamptz and started_at < ${day} and status in ('settled', 'void') order by started_at limit ${BATCH}
      ), corrections as (
        delete from ai_cost_corrections where request_id in (select request_id from old)
      ), gone as (
        delete from ai_usage where request_id in (select request_id from old) returning 1
      )
      select (select count(*)::int from gone) as count, case when count(*) = ${BATCH} then max(started_at)::text end as until from old`);
    return { count: row?.count ?? 0, until: row?.until ?? null };
  });
}
