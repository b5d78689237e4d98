import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';

export interface Rebuild {
  readonly id: number;
  /** Midnights UTC; the last day is not part of it. */
  readonly fromDay: Date;
  readonly toDay: Date;
  /** The days before this one are done. */
  readonly doneUntil: Date;
}

const DAY = sql.raw(`interval '1 day'`);
const COLUMNS = sql`id, extract(epoch from from_day) * 1000 as from_ms, extract(epoch from to_day) * 1000 as to_ms, extract(epoch from done_until) * 1000 as done_ms`;

type Row = { id: number; from_ms: string; to_ms: string; done_ms: string };

function toRebuild(row: Row | undefined): Rebuild | null {
  if (!row) return null;
  return { id: row.id, fromDay: new Date(Number(row.from_ms)), toDay: new Date(Number(row.to_ms)), doneUntil: new Date(Number(row.done_ms)) };
}

/** The rebuild that was begun last and cut off; null when there is none. */
export async function findUnfinishedRebuild(executor: Executor): Promise<Rebuild | null> {
  const [row] = await executor.execute<Row>(sql`select ${COLUMNS} from rollup_rebuilds where finished_at is null order by id desc limit 1`);
  return toRebuild(row);
}

/** Notes the begin of a rebuild of all days on which there is anything, raw or rolled up; null when there is nothing. */
export async function beginRebuild(executor: Executor, startedAt: Date): Promise<Rebuild | null> {
  const [row] = await executor.execute<Row>(sql`
    with bounds as (
      select min(at) as first_at, max(at) as last_at from (
        select min(started_at) as at from ai_usage union all select max(started_at) from ai_usage
        union all select min(at) from interactions union all select max(at) from interactions
        union all select min(created_at) from users union all select max(created_at) from users
        union all select min(paid_at) from payments union all select max(paid_at) from payments
        union all select min(refunded_at) from payments union all select max(refunded_at) from payments
        union all select min(starts_at) from ledger_rollups where level = 0 union all select max(starts_at) from ledger_rollups where level = 0
        union all select min(starts_at) from interaction_rollups where level = 0 union all select max(starts_at) from interaction_rollups where level = 0
        union all select min(starts_at) from acquisition_rollups where level = 0 union all select max(starts_at) from acquisition_rollups where level = 0
      ) as instants
    )
    insert into rollup_rebuilds (started_at, from_day, to_day, done_until)
    select ${startedAt.toISOString()}::timestamptz, date_trunc('day', first_at, 'UTC'), date_trunc('day', last_at, 'UTC') + ${DAY}, date_trunc('day', first_at, 'UTC')
    from bounds where first_at is not null
    returning ${COLUMNS}`);
  return toRebuild(row);
}

/** Makes one UTC day of the rollups anew and notes that it is done, in the caller's transaction. Waits for whoever writes rollups. */
export async function rebuildDay(executor: Executor, rebuildId: number, day: Date): Promise<void> {
  const at = sql`${day.toISOString()}::timestamptz`;
  // First and apart, so that what the rebuild knows of the raw rows' horizon is not from before it waited.
  await executor.execute(sql`select pg_advisory_xact_lock(rollup_lock_key())`);
  await executor.execute(sql`select rebuild_rollups(${at})`);
  await executor.execute(sql`update rollup_rebuilds set done_until = ${at} + ${DAY} where id = ${rebuildId}`);
}

/** Notes that a rebuild is at its end, and that those which were cut off before it need not be taken up. */
export async function finishRebuild(executor: Executor, finishedAt: Date): Promise<void> {
  await executor.execute(sql`update rollup_rebuilds set finished_at = ${finishedAt.toISOString()}::timestamptz where finished_at is null`);
}
