import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { PARTITIONS_LOCK_KEY } from '#db/queries/partitions.ts';
import { foldRollups } from '../rollups/fold-rollups.ts';

/** For how many days raw rows are kept; 0: for ever. */
export interface RetentionDays {
  readonly interactions: number;
  readonly ledger: number;
}

const DAY_MS = 86_400_000;
/** Attempts that one transaction deletes. */
const BATCH = 5_000;

/**
 * Lets go of raw rows that are kept no longer: whole months of interactions, and attempts of the ledger by the day. What the
 * rollups hold of them stays, so no total changes; a rebuild leaves those days alone. Open attempts stay until their cost is known.
 */
export async function applyRetention(db: Database, now: Date, days: RetentionDays): Promise<void> {
  await foldRollups(db);
  if (days.interactions > 0) await dropInteractions(db, new Date(now.getTime() - days.interactions * DAY_MS));
  if (days.ledger > 0) await deleteAttempts(db, new Date(Math.floor((now.getTime() - days.ledger * DAY_MS) / DAY_MS) * DAY_MS));
}

/** Whoever uses the table meanwhile is not held up for long: when the lock is not to be had, the next night tries again. */
async function dropInteractions(db: Database, before: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', '3s', true), pg_advisory_xact_lock(${PARTITIONS_LOCK_KEY})`);
    await tx.execute(sql`select drop_interactions_before(${before.toISOString()}::timestamptz)`);
  });
}

async function deleteAttempts(db: Database, before: Date): Promise<void> {
  const at = sql`${before.toISOString()}::timestamptz`;
  const [old] = await db.execute(sql`select 1 from ai_usage where started_at < ${at} and status in ('settled', 'void') limit 1`);
  if (!old) return;
  // First, so that no reader looks for raw rows which are on their way out.
  await db.execute(sql`
    insert into raw_horizons as h (table_name, kept_from) values ('ai_usage', ${at})
    on conflict (table_name) do update set kept_from = greatest(h.kept_from, excluded.kept_from)`);
  for (;;) {
    const deleted = await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('adtrobot.is_retention', 'on', true)`);
      const [row] = await tx.execute<{ count: string }>(sql`
        with old as (
          select request_id from ai_usage where started_at < ${at} and status in ('settled', 'void') order by started_at limit ${BATCH}
        ), corrections as (
          delete from ai_cost_corrections where request_id in (select request_id from old)
        ), gone as (
          delete from ai_usage where request_id in (select request_id from old) returning 1
        )
        select count(*) as count from gone`);
      return Number(row?.count ?? 0);
    });
    if (deleted < BATCH) return;
  }
}
