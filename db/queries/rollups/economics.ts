import { sql } from 'drizzle-orm';
import type { Executor } from '../../client.ts';
import { acquisitionParts } from './acquisition-parts.ts';
import type { Cover } from './cover.ts';
import { ledgerParts } from './ledger-parts.ts';
import type { PayingRange } from './payers.ts';
import type { Raw } from './raw.ts';
import { isNotIn, userSetTables } from './user-sets.ts';

/** What users cost and brought in, of one group. */
export interface AccountSums {
  readonly signupCount: number;
  readonly attemptCount: number;
  readonly costUsd: string;
  readonly paymentCount: number;
  readonly paymentStars: number;
  readonly paymentUsd: string;
  readonly refundCount: number;
  readonly refundStars: number;
  readonly refundUsd: string;
}

/** `bucket` and `plan` are null in rows over all buckets, or over all plans. */
export type AccountRow = AccountSums & { readonly bucket: number | null; readonly plan: string | null };

/** An empty source: no user caused it. Null: all that are not listed by name. */
export type SourceRow = AccountSums & { readonly source: string | null };

const usd = (column: string) => sql.raw(`coalesce(sum(${column}), 0)::numeric(20,12)`);
const count = (column: string) => sql.raw(`coalesce(sum(${column}), 0)`);
const MEASURES = sql`${count('signup_count')} as "signupCount", ${count('attempt_count')} as "attemptCount", ${usd('cost_usd')} as "costUsd",
  ${count('payment_count')} as "paymentCount", ${count('payment_stars')} as "paymentStars", ${usd('payment_usd')} as "paymentUsd",
  ${count('refund_count')} as "refundCount", ${count('refund_stars')} as "refundStars", ${usd('refund_usd')} as "refundUsd"`;

/** Payments, refunds and cost of a range in one pass: a row over all, one per plan, one per bucket that has any. */
export async function sumAccounts(executor: Executor, cover: Cover): Promise<AccountRow[]> {
  const rows = await executor.execute<Raw<AccountSums> & { readonly bucket: string | null; readonly plan: string | null }>(sql`
    select bucket, plan, ${MEASURES} from (${acquisitionParts(cover)}) as part group by grouping sets ((), (plan), (bucket))`);
  return [...rows].map((row) => ({ ...toSums(row), bucket: row.bucket === null ? null : Number(row.bucket), plan: row.plan }));
}

/**
 * The same by source: those that brought in most by name, the rest as one row, then what no user caused. Sources are what links
 * say, so there may be any number of them.
 */
export async function sumSources(executor: Executor, cover: Cover, namedMax: number): Promise<SourceRow[]> {
  const rows = await executor.execute<Raw<SourceRow>>(sql`
    with source_sums as (
      select source, sum(signup_count) as signup_count, sum(attempt_count) as attempt_count, sum(cost_usd) as cost_usd, sum(payment_count) as payment_count,
        sum(payment_stars) as payment_stars, sum(payment_usd) as payment_usd, sum(refund_count) as refund_count, sum(refund_stars) as refund_stars,
        sum(refund_usd) as refund_usd
      from (${acquisitionParts(cover)}) as part group by source
      having sum(signup_count) <> 0 or sum(attempt_count) <> 0 or sum(payment_count) <> 0 or sum(refund_count) <> 0
    ), ranked as (
      select *, row_number() over (order by source = '', payment_usd - refund_usd desc, cost_usd desc, signup_count desc, source collate "C") as place from source_sums
    ), named as (
      select *, case when source = '' or place <= ${namedMax} then source end as name from ranked
    )
    select name as source, ${MEASURES} from named group by name order by case when name = '' then 2 when name is null then 1 else 0 end, min(place)`);
  return [...rows].map((row) => ({ ...toSums(row), source: row.source }));
}

function toSums(row: Raw<AccountSums>): AccountSums {
  return {
    signupCount: Number(row.signupCount),
    attemptCount: Number(row.attemptCount),
    costUsd: row.costUsd,
    paymentCount: Number(row.paymentCount),
    paymentStars: Number(row.paymentStars),
    paymentUsd: row.paymentUsd,
    refundCount: Number(row.refundCount),
    refundStars: Number(row.refundStars),
    refundUsd: row.refundUsd,
  };
}

/** Cost of attempts, of one group; `operation` and `plan` are null in rows over all operations, or over all plans. */
export interface UnitCostRow {
  readonly operation: string | null;
  readonly plan: string | null;
  readonly costUsd: string;
  readonly billedUsd: string;
  readonly lookupUsd: string;
  readonly estimatedUsd: string;
  readonly attributedUsd: string;
  readonly attemptCount: number;
  readonly attributedCount: number;
  readonly reservedCount: number;
  readonly unknownCount: number;
  readonly deliveredCount: number;
}

/** The ledger of a range in one pass: a row over all, one per operation, one per plan. */
export async function sumUnitCosts(executor: Executor, cover: Cover): Promise<UnitCostRow[]> {
  const usdOf = (filter: string) => sql.raw(`coalesce(sum(cost_usd) filter (where ${filter}), 0)::numeric(20,12)`);
  const countOf = (filter: string) => sql.raw(`coalesce(sum(attempt_count) filter (where ${filter}), 0)`);
  const rows = await executor.execute<Raw<UnitCostRow>>(sql`
    select operation, plan, ${usd('cost_usd')} as "costUsd", ${usdOf(`cost_source = 'billed'`)} as "billedUsd", ${usdOf(`cost_source = 'lookup'`)} as "lookupUsd",
      ${usdOf(`cost_source = 'estimated'`)} as "estimatedUsd", ${usdOf('is_attributed = 1')} as "attributedUsd", ${count('attempt_count')} as "attemptCount",
      ${countOf('is_attributed = 1')} as "attributedCount", ${countOf(`status = 'reserved'`)} as "reservedCount", ${countOf(`status = 'unknown'`)} as "unknownCount",
      ${countOf(`status = 'settled' and disposition = 'delivered'`)} as "deliveredCount"
    from (${ledgerParts(cover)}) as part group by grouping sets ((), (operation), (plan))`);
  return [...rows].map((row) => ({
    ...row,
    attemptCount: Number(row.attemptCount),
    attributedCount: Number(row.attributedCount),
    reservedCount: Number(row.reservedCount),
    unknownCount: Number(row.unknownCount),
    deliveredCount: Number(row.deliveredCount),
  }));
}

/**
 * Of the users with a payment in a range that was not refunded: for how many it is the first such payment ever, and how many
 * are new users of the range themselves. Reads the payments of the range, and one earlier one of each who paid.
 */
export async function countNewPayers(executor: Executor, { from, to }: PayingRange, cover: Cover): Promise<{ newPayingCount: number; convertedCount: number }> {
  const [row] = await executor.execute<{ newly: string; converted: string }>(sql`
    with ${userSetTables('fresh', 'new', [cover])}, paid as materialized (
      select distinct user_id from payments where refunded_at is null and paid_at >= ${from}::timestamptz and paid_at < ${to}::timestamptz
    )
    select count(*) filter (where earlier.user_id is null) as newly,
      count(*) filter (where not ${isNotIn(sql`paid.user_id`)} or paid.user_id in (select user_id from fresh_rest)) as converted
    from paid left join fresh_bits b on b.chunk = (paid.user_id >> 15)::int
      left join lateral (
        select p.user_id from payments p where p.user_id = paid.user_id and p.refunded_at is null and p.paid_at < ${from}::timestamptz limit 1
      ) as earlier on true`);
  return { newPayingCount: Number(row?.newly ?? 0), convertedCount: Number(row?.converted ?? 0) };
}
