import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { isFoldedSpan, rowsWithin, unionParts, type Cover } from './cover.ts';
import { countedSets, userSetTables } from './user-sets.ts';

export interface PayingRange {
  /** Inclusive and exclusive, as Postgres reads them. */
  readonly from: string;
  readonly to: string;
}

/** Payments that were not refunded and whose period overlaps the range: who made one pays in it. */
const paymentsFor = ({ from, to }: PayingRange): SQL => sql`payments where refunded_at is null and paid_at < ${to}::timestamptz and period_ends_at > ${from}::timestamptz`;

/** Since when attempts are there one by one. */
const LEDGER_KEPT_FROM = sql.raw(`(select coalesce(max(kept_from), '-infinity') from raw_horizons where table_name = 'ai_usage')`);

/**
 * Cost of those who have ever paid, as a relation: `bucket`, `user_id`, `cost_usd` to be summed. Who paid for the first time a
 * moment ago is read from the ledger until the rollups hold their past; days that are not in the ledger any more count at noon UTC, as
 * the rollups will have them.
 */
function payerParts(cover: Cover, range: PayingRange): SQL {
  return unionParts(cover, {
    rollups: sql`payer_costs`,
    columns: sql`r.user_id, r.cost_usd`,
    rest: [
      sql`select 0, d.user_id, d.weight * d.cost_usd from ledger_deltas d join payers p on p.user_id = d.user_id and p.folded_at is not null
        where d.cost_usd is not null and ${isFoldedSpan(sql`d.at`, cover)}`,
      sql`select 0, u.user_id, u.cost_usd from ${rowsWithin(cover.raw, { table: sql`ai_usage`, at: 'started_at', alias: 'u' })}
        where u.cost_usd is not null and (select p.folded_at is not null from payers p where p.user_id = u.user_id)`,
      sql`select 0, u.user_id, u.cost_usd from payers p join ai_usage u on u.user_id = p.user_id
        and u.started_at >= greatest(${range.from}::timestamptz, ${LEDGER_KEPT_FROM}) and u.started_at < ${range.to}::timestamptz
        where p.folded_at is null and u.cost_usd is not null`,
      sql`select 0, r.user_id, r.cost_usd from payers p join user_days r on r.user_id = p.user_id
        and r.starts_at < ${LEDGER_KEPT_FROM} and ${isFoldedSpan(sql`r.starts_at + interval '12 hours'`, cover)} where p.folded_at is null`,
      sql`select 0, d.user_id, d.weight * d.cost_usd from ledger_deltas d join payers p on p.user_id = d.user_id and p.folded_at is null
        where d.cost_usd is not null and d.at < ${LEDGER_KEPT_FROM} and ${isFoldedSpan(sql`d.at`, cover)}`,
    ],
  });
}

/** What those who pay caused in a range. */
export async function sumPayerCosts(executor: Executor, range: PayingRange, ledger: Cover): Promise<string> {
  const [row] = await executor.execute<{ cost_usd: string }>(sql`
    select coalesce(sum(part.cost_usd), 0)::numeric(20,12) as cost_usd from (${payerParts(ledger, range)}) as part
    where part.user_id in (select user_id from ${paymentsFor(range)})`);
  return row?.cost_usd ?? '0';
}

/** How many users pay in a range, how many of them were active in it, how many users were active at all, and in each of the windows. */
export async function countPeople(executor: Executor, range: PayingRange, interactions: Cover, windows: readonly Cover[] = []) {
  const [row] = await executor.execute<{ paying_count: string; active_count: string; active: Record<string, number> | null }>(sql`
    with paying as materialized (select distinct user_id from ${paymentsFor(range)}), ${userSetTables('active', 'active', [interactions, ...windows])}
    select
      (select count(*) from paying) as paying_count,
      (select count(*) from paying p left join active_bits b on b.set = 0 and b.chunk = (p.user_id >> 15)::int
        where (b.users is not null and get_bit(b.users, (p.user_id & 32767)::int) = 1) or p.user_id in (select user_id from active_rest where set = 0)) as active_count,
      (select json_object_agg(set, count) from (${countedSets('active')}) as counted) as active`);
  const activeIn = (set: number) => row?.active?.[set] ?? 0;
  return {
    payingCount: Number(row?.paying_count ?? 0),
    activePayingCount: Number(row?.active_count ?? 0),
    activeCount: activeIn(0),
    windowCounts: windows.map((_, index) => activeIn(index + 1)),
  };
}
