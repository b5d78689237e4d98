import { and, asc, count, eq, gte, lt, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage, healthSamples, interactions, type HealthSampleRow } from '../schema/index.ts';
import { selected, type GenerationSelection } from './generations.ts';
import type { InstantRange } from './ledger.ts';

/** Where the page before ended; the instant is text, because a row may be finer than a `Date`. */
export interface RowPlace {
  readonly at: string;
  readonly key: string;
}

/** A page of rows, the oldest first: those of a span behind a place. */
export interface RowPageQuery {
  readonly span: InstantRange;
  readonly after: RowPlace | null;
  readonly limit: number;
}

const INSTANT_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

const instant = (column: AnyColumn) => sql`to_char(${column} at time zone 'UTC', ${sql.raw(`'${INSTANT_FORMAT}'`)})`;
const within = (column: AnyColumn, { from, to }: InstantRange) => [gte(column, from), lt(column, to)];

/** Behind a place: by the instant alone too, so that an index on it is entered there. */
function behind(at: AnyColumn, key: AnyColumn, after: RowPlace | null, type: SQL): (SQL | undefined)[] {
  if (after === null) return [];
  return [sql`${at} >= ${after.at}::timestamptz`, sql`(${at}, ${key}) > (${after.at}::timestamptz, ${after.key}::${type})`];
}

/** Attempts of the ledger with all that is known of each. */
export function pageLedger(executor: Executor, { span, after, limit }: RowPageQuery, selection: GenerationSelection) {
  return executor
    .select({
      startedAt: instant(aiUsage.startedAt).mapWith(String),
      requestId: aiUsage.requestId,
      askId: aiUsage.askId,
      userId: aiUsage.userId,
      operation: aiUsage.operation,
      plan: aiUsage.plan,
      model: aiUsage.model,
      responseModel: aiUsage.responseModel,
      provider: aiUsage.provider,
      attempt: aiUsage.attempt,
      status: aiUsage.status,
      disposition: aiUsage.disposition,
      errorType: aiUsage.errorType,
      promptTokens: aiUsage.promptTokens,
      completionTokens: aiUsage.completionTokens,
      cachedPromptTokens: aiUsage.cachedPromptTokens,
      reasoningTokens: aiUsage.reasoningTokens,
      costUsd: aiUsage.costUsd,
      costSource: aiUsage.costSource,
      isByok: aiUsage.isByok,
      generationId: aiUsage.generationId,
      finishReason: aiUsage.finishReason,
      durationMs: aiUsage.durationMs,
      timeToFirstTokenMs: aiUsage.timeToFirstTokenMs,
      updateId: aiUsage.updateId,
      importedFrom: aiUsage.importedFrom,
    })
    .from(aiUsage)
    .where(and(...within(aiUsage.startedAt, span), ...behind(aiUsage.startedAt, aiUsage.requestId, after, sql`uuid`), ...selected(selection)))
    .orderBy(asc(aiUsage.startedAt), asc(aiUsage.requestId))
    .limit(limit);
}

/** Handled updates. */
export function pageInteractions(executor: Executor, { span, after, limit }: RowPageQuery) {
  return executor
    .select({
      at: instant(interactions.at).mapWith(String),
      id: interactions.id,
      updateId: interactions.updateId,
      userId: interactions.userId,
      handler: interactions.handler,
      operation: interactions.operation,
      outcome: interactions.outcome,
      errorType: interactions.errorType,
      readingSource: interactions.readingSource,
      durationMs: interactions.durationMs,
      updateAgeMs: interactions.updateAgeMs,
    })
    .from(interactions)
    .where(and(...within(interactions.at, span), ...behind(interactions.at, interactions.id, after, sql`bigint`)))
    .orderBy(asc(interactions.at), asc(interactions.id))
    .limit(limit);
}

/** Samples of the checks as they are kept in one resolution. */
export function pageHealthSamples(executor: Executor, { span, after, limit }: RowPageQuery, resolution: HealthSampleRow['resolution']) {
  const { bucketAt, check, ...columns } = healthSamples;
  return executor
    .select({
      bucketAt: instant(bucketAt).mapWith(String),
      check,
      resolution: columns.resolution,
      healthyMs: columns.healthyMs,
      unhealthyMs: columns.unhealthyMs,
      disabledMs: columns.disabledMs,
      sampleCount: columns.sampleCount,
      latencySumMs: columns.latencySumMs,
      latencyMaxMs: columns.latencyMaxMs,
    })
    .from(healthSamples)
    .where(and(eq(columns.resolution, resolution), ...within(bucketAt, span), ...behind(bucketAt, check, after, sql`text`)))
    .orderBy(asc(bucketAt), asc(check))
    .limit(limit);
}

export async function countLedger(executor: Executor, range: InstantRange, selection: GenerationSelection): Promise<number> {
  const [row] = await executor.select({ rows: count() }).from(aiUsage).where(and(...within(aiUsage.startedAt, range), ...selected(selection)));
  return row?.rows ?? 0;
}

export async function countInteractions(executor: Executor, range: InstantRange): Promise<number> {
  const [row] = await executor.select({ rows: count() }).from(interactions).where(and(...within(interactions.at, range)));
  return row?.rows ?? 0;
}

export async function countHealthSamples(executor: Executor, range: InstantRange, resolution: HealthSampleRow['resolution']): Promise<number> {
  const [row] = await executor
    .select({ rows: count() })
    .from(healthSamples)
    .where(and(eq(healthSamples.resolution, resolution), ...within(healthSamples.bucketAt, range)));
  return row?.rows ?? 0;
}
