import { and, asc, count, desc, eq, gte, inArray, isNull, lt, max, or, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage, driftActivity, driftChecks, type DriftActivity, type DriftCheck } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

/** Rows that were replayed from a log elsewhere were paid with another key. */
const isOurs = isNull(aiUsage.importedFrom);
const isUnmatched = or(inArray(aiUsage.status, ['reserved', 'unknown']), eq(aiUsage.costSource, 'estimated'));
const hasStatus = (status: string) => sql`count(*) filter (where ${aiUsage.status} = ${status})`.mapWith(Number);

/** What our own attempts since an instant cost, and how many of them have no cost that the provider told. */
export async function sumOwnCosts(executor: Executor, since: Date) {
  const [row] = await executor
    .select({
      ledgerUsd: sql`coalesce(sum(${aiUsage.costUsd}), 0)::numeric(20,12)`.mapWith(String),
      reservedCount: hasStatus('reserved'),
      unknownCount: hasStatus('unknown'),
      estimatedCount: sql`count(*) filter (where ${aiUsage.costSource} = 'estimated')`.mapWith(Number),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, since), isOurs));
  return row ?? { ledgerUsd: '0', reservedCount: 0, unknownCount: 0, estimatedCount: 0 };
}

/** Settled attempts of our own per UTC day and model as served. */
export function sumOwnCostsByDay(executor: Executor, { from, to }: InstantRange) {
  return executor
    .select({
      date: sql<string>`to_char(${aiUsage.startedAt} at time zone 'UTC', 'YYYY-MM-DD')`,
      model: sql<string>`coalesce(${aiUsage.responseModel}, ${aiUsage.model})`,
      usd: sql`coalesce(sum(${aiUsage.costUsd}), 0)::numeric(20,12)`.mapWith(String),
      count: count(),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, from), lt(aiUsage.startedAt, to), eq(aiUsage.status, 'settled'), isOurs))
    .groupBy(sql`1`, sql`2`);
}

/** Attempts of our own since an instant whose cost the provider has not told, the newest first; `totalCount` is on every row. */
export function listUnmatched(executor: Executor, since: Date, limit: number) {
  return executor
    .select({
      requestId: aiUsage.requestId,
      startedAt: aiUsage.startedAt,
      operation: aiUsage.operation,
      model: aiUsage.model,
      status: aiUsage.status,
      costUsd: aiUsage.costUsd,
      costSource: aiUsage.costSource,
      totalCount: sql`count(*) over ()`.mapWith(Number),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, since), isOurs, isUnmatched))
    .orderBy(desc(aiUsage.startedAt), desc(aiUsage.requestId))
    .limit(limit);
}

/** The rows of the last checks, the newest first. */
export function listDriftChecks(executor: Executor, checksMax: number): Promise<DriftCheck[]> {
  const last = executor.selectDistinct({ at: driftChecks.checkedAt }).from(driftChecks).orderBy(desc(driftChecks.checkedAt)).limit(checksMax);
  return executor.select().from(driftChecks).where(inArray(driftChecks.checkedAt, last)).orderBy(desc(driftChecks.checkedAt));
}

/** The provider's figure less ours as last measured for the UTC day; null before the first time. */
export async function findDayDrift(executor: Executor): Promise<string | null> {
  const [row] = await executor
    .select({ driftUsd: sql`${driftChecks.providerUsd} - ${driftChecks.ledgerUsd}`.mapWith(String) })
    .from(driftChecks)
    .where(eq(driftChecks.period, 'day'))
    .orderBy(desc(driftChecks.checkedAt))
    .limit(1);
  return row?.driftUsd ?? null;
}

/** The newest days of the activity, within a day the largest difference first. */
export function listDriftActivity(executor: Executor, limit: number): Promise<DriftActivity[]> {
  const difference = sql`abs(${driftActivity.providerUsd} - ${driftActivity.ledgerUsd})`;
  return executor.select().from(driftActivity).orderBy(desc(driftActivity.date), desc(difference), asc(driftActivity.model)).limit(limit);
}

/** How many rows of activity there are, and when they were last measured. */
export async function summarizeDriftActivity(executor: Executor) {
  const [row] = await executor.select({ totalCount: count(), checkedAt: max(driftActivity.checkedAt) }).from(driftActivity);
  return row ?? { totalCount: 0, checkedAt: null };
}
