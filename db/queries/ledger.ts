import { and, gte, inArray, isNull, lt, min, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage, payments } from '../schema/index.ts';

/** A half-open range of instants: from ≤ t < to. */
export interface InstantRange {
  readonly from: Date;
  readonly to: Date;
}

const startedIn = ({ from, to }: InstantRange) => and(gte(aiUsage.startedAt, from), lt(aiUsage.startedAt, to));
const cost = aiUsage.costUsd;
/** A sum of dollars as the ledger's decimal string; an empty sum is 0. */
const sumUsd = (filter?: SQL) =>
  (filter ? sql`coalesce(sum(${cost}) filter (where ${filter}), 0)::numeric(20,12)` : sql`coalesce(sum(${cost}), 0)::numeric(20,12)`).mapWith(String);
const count = (filter: SQL) => sql`count(*) filter (where ${filter})`.mapWith(Number);
const sum = (column: SQL) => sql`coalesce(sum(${column}), 0)`.mapWith(Number);
const isStatus = (status: string) => sql`${aiUsage.status} = ${status}`;
const isSource = (source: string) => sql`${aiUsage.costSource} = ${source}`;

/** Sums over a range: one row per operation, and one whose `operation` is null for the whole; `p95Ms` is told of the whole only. */
export function sumLedgerByOperation(executor: Executor, range: InstantRange) {
  // Apart, because a percentile beside the sums would have Postgres sort whole rows by operation instead of adding them up.
  const p95Ms = executor
    .select({ p95Ms: sql`percentile_cont(0.95) within group (order by ${aiUsage.durationMs})` })
    .from(aiUsage)
    .where(startedIn(range));
  return executor
    .select({
      operation: sql<string | null>`${aiUsage.operation}`,
      isTotal: sql`grouping(${aiUsage.operation}) = 1`.mapWith(Boolean),
      totalUsd: sumUsd(),
      billedUsd: sumUsd(isSource('billed')),
      lookupUsd: sumUsd(isSource('lookup')),
      estimatedUsd: sumUsd(isSource('estimated')),
      attributedUsd: sumUsd(sql`${aiUsage.userId} is not null`),
      averageUsd: sql<string | null>`round(sum(${cost}) / nullif(count(${cost}), 0), 12)::numeric(20,12)`,
      totalCount: sql`count(*)`.mapWith(Number),
      settledCount: count(isStatus('settled')),
      voidCount: count(isStatus('void')),
      reservedCount: count(isStatus('reserved')),
      unknownCount: count(isStatus('unknown')),
      failedCount: count(sql`${aiUsage.errorType} is not null`),
      promptTokens: sum(sql`${aiUsage.promptTokens}`),
      completionTokens: sum(sql`${aiUsage.completionTokens}`),
      cachedPromptTokens: sum(sql`${aiUsage.cachedPromptTokens}`),
      reasoningTokens: sum(sql`${aiUsage.reasoningTokens}`),
      p95Ms: sql<number | null>`case when grouping(${aiUsage.operation}) = 1 then (${p95Ms}) end`,
    })
    .from(aiUsage)
    .where(startedIn(range))
    .groupBy(sql`grouping sets ((), (${aiUsage.operation}))`);
}

/** Cost and attempts per bucket; `starts` are ascending, `bucket` counts from 0; empty buckets have no row. */
export function sumLedgerByBucket(executor: Executor, range: InstantRange, starts: readonly Date[]) {
  const boundaries = `{${starts.map((start) => start.toISOString()).join(',')}}`;
  const bucket = sql`width_bucket(${aiUsage.startedAt}, ${boundaries}::timestamptz[]) - 1`.mapWith(Number);
  return executor
    .select({ bucket, costUsd: sumUsd(), generationCount: sql`count(*)`.mapWith(Number) })
    .from(aiUsage)
    .where(startedIn(range))
    .groupBy(sql`1`);
}

/** Users with a non-refunded payment whose paid period overlaps the range. */
function payingUsers(executor: Executor, { from, to }: InstantRange) {
  return executor
    .selectDistinct({ userId: payments.userId })
    .from(payments)
    .where(and(sql`${payments.refundedAt} is null`, lt(payments.paidAt, to), sql`${payments.periodEndsAt} > ${from.toISOString()}::timestamptz`));
}

/** The cost that paying users caused in a range, and how many of them were active in it. */
export async function sumLedgerOfPayingUsers(executor: Executor, range: InstantRange) {
  const paying = payingUsers(executor, range);
  const [row] = await executor
    .select({
      userCount: sql`(
        select count(distinct i.user_id) from interactions i
        where i.at >= ${range.from.toISOString()}::timestamptz and i.at < ${range.to.toISOString()}::timestamptz
          and i.handler <> 'chat_member' and i.user_id in (${paying})
      )`.mapWith(Number),
      costUsd: sumUsd(),
    })
    .from(aiUsage)
    .where(and(startedIn(range), sql`${aiUsage.userId} in (${paying})`));
  return row;
}

/** Attempts of our own that are not settled, whenever they started, and the start of the oldest; an imported log is nobody's open business. */
export async function readUnsettled(executor: Executor) {
  const [row] = await executor
    .select({
      reservedCount: count(isStatus('reserved')),
      unknownCount: count(isStatus('unknown')),
      oldestStartedAt: min(aiUsage.startedAt),
    })
    .from(aiUsage)
    .where(and(inArray(aiUsage.status, ['reserved', 'unknown']), isNull(aiUsage.importedFrom)));
  return row ?? { reservedCount: 0, unknownCount: 0, oldestStartedAt: null };
}
