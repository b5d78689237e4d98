import { and, asc, desc, eq, gte, inArray, isNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiCostCorrections, aiUsage, interactions, type AiUsage } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

/** The place of a row in the list. The instant is text, because a row that was imported may be finer than a `Date`. */
export interface GenerationPlace {
  readonly startedAt: string;
  readonly requestId: string;
}

/** What the list is narrowed by; null asks for rows that have none. */
export interface GenerationSelection {
  readonly operation?: string | undefined;
  readonly model?: string | undefined;
  readonly userId?: number | undefined;
  readonly status?: AiUsage['status'] | undefined;
  readonly disposition?: AiUsage['disposition'] | undefined;
  readonly errorType?: string | null | undefined;
  readonly costSource?: AiUsage['costSource'] | undefined;
  readonly minUsd?: string | undefined;
  readonly maxUsd?: string | undefined;
}

export interface GenerationPageQuery extends GenerationSelection {
  readonly range: InstantRange;
  /** Rows from the one behind this place on. */
  readonly after: GenerationPlace | null;
  readonly limit: number;
}

const INSTANT_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
/** Longest list of the attempts at one reading. */
const ATTEMPTS_MAX = 100;
/** An update that is not handled to its end by then is told without its interaction. */
const HANDLING_MS_MAX = 24 * 3_600_000;

function when<Value>(value: Value | undefined, condition: (value: Value) => SQL): SQL | undefined {
  return value === undefined ? undefined : condition(value);
}

/** The conditions of a selection; none of what it leaves open. */
export function selected(query: GenerationSelection): (SQL | undefined)[] {
  return [
    when(query.operation, (operation) => eq(aiUsage.operation, operation)),
    when(query.model, (model) => eq(aiUsage.model, model)),
    when(query.userId, (userId) => eq(aiUsage.userId, userId)),
    when(query.status, (status) => eq(aiUsage.status, status)),
    when(query.disposition, (disposition) => (disposition === null ? isNull(aiUsage.disposition) : eq(aiUsage.disposition, disposition))),
    when(query.errorType, (errorType) => (errorType === null ? isNull(aiUsage.errorType) : eq(aiUsage.errorType, errorType))),
    when(query.costSource, (costSource) => eq(aiUsage.costSource, costSource)),
    when(query.minUsd, (minUsd) => gte(aiUsage.costUsd, minUsd)),
    when(query.maxUsd, (maxUsd) => lte(aiUsage.costUsd, maxUsd)),
  ];
}

/** One page of attempts, the newest first; `place` is where the row stands. Read by an index on the start, whatever the page. */
export function listGenerations(executor: Executor, query: GenerationPageQuery) {
  const { range, after, limit } = query;
  return executor
    .select({
      place: sql<string>`to_char(${aiUsage.startedAt} at time zone 'UTC', ${sql.raw(`'${INSTANT_FORMAT}'`)})`,
      requestId: aiUsage.requestId,
      startedAt: aiUsage.startedAt,
      userId: aiUsage.userId,
      operation: aiUsage.operation,
      model: aiUsage.model,
      responseModel: aiUsage.responseModel,
      status: aiUsage.status,
      disposition: aiUsage.disposition,
      errorType: aiUsage.errorType,
      promptTokens: aiUsage.promptTokens,
      completionTokens: aiUsage.completionTokens,
      costUsd: aiUsage.costUsd,
      costSource: aiUsage.costSource,
      durationMs: aiUsage.durationMs,
      attempt: aiUsage.attempt,
    })
    .from(aiUsage)
    .where(
      and(
        gte(aiUsage.startedAt, range.from),
        lt(aiUsage.startedAt, range.to),
        after ? sql`(${aiUsage.startedAt}, ${aiUsage.requestId}) < (${after.startedAt}::timestamptz, ${after.requestId}::uuid)` : undefined,
        ...selected(query),
      ),
    )
    .orderBy(desc(aiUsage.startedAt), desc(aiUsage.requestId))
    .limit(limit);
}

/** All attempts at the reading to which a request belongs, in their order; empty where there is no such request. */
export function listAttempts(executor: Executor, requestId: string): Promise<AiUsage[]> {
  const ask = executor.select({ askId: aiUsage.askId }).from(aiUsage).where(eq(aiUsage.requestId, requestId));
  return executor
    .select()
    .from(aiUsage)
    .where(eq(aiUsage.askId, sql`(${ask})`))
    .orderBy(asc(aiUsage.attempt), asc(aiUsage.startedAt), asc(aiUsage.requestId))
    .limit(ATTEMPTS_MAX);
}

/** The corrections of some attempts, in the order in which they were made. */
export function listCorrections(executor: Executor, requestIds: readonly string[]) {
  return executor.select().from(aiCostCorrections).where(inArray(aiCostCorrections.requestId, [...requestIds])).orderBy(asc(aiCostCorrections.id));
}

/** How the update that a user sent was handled to its end, at or after an instant; null where it is not on record. */
export async function findInteraction(executor: Executor, update: { readonly updateId: number; readonly userId: number; readonly since: Date }) {
  const [row] = await executor
    .select()
    .from(interactions)
    .where(
      and(
        gte(interactions.at, update.since),
        lt(interactions.at, new Date(update.since.getTime() + HANDLING_MS_MAX)),
        eq(interactions.userId, update.userId),
        eq(interactions.updateId, update.updateId),
      ),
    )
    .orderBy(desc(interactions.at))
    .limit(1);
  return row ?? null;
}
