import { and, eq, gte, isNotNull, isNull, lt, min, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiCostCorrections, aiUsage, interactions, payments } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

/*
 * What one process wrote, each fact at the time at which it became true, so that a fact of the past never changes: an end
 * as it was booked, whatever was resolved or corrected later; what was resolved late; corrections; interactions. Each is
 * read by an index on that time.
 */

const count = sql`count(*)`.mapWith(Number);
const sum = (value: SQL) => sql`coalesce(sum(${value}), 0)`.mapWith(Number);
const sumUsd = (value: SQL) => sql`coalesce(sum(${value}), 0)::numeric(20,12)`.mapWith(String);
/** A row that the reconciler closed for a process that died, or is about to end after all, has no duration. */
const isEnded = isNotNull(aiUsage.durationMs);
/** What was booked first; every later change is a correction. */
const bookedUsd = sql`coalesce(
  (select c.old_cost_usd from ai_cost_corrections c where c.request_id = ${aiUsage.requestId} order by c.id limit 1), ${aiUsage.costUsd}, 0)`;
const atEnd = (column: SQL, resolved: SQL) => sql`coalesce(${column}, 0) - coalesce(${resolved}, 0)`;

const promptAtEnd = atEnd(sql`${aiUsage.promptTokens}`, sql`${aiUsage.resolvedPromptTokens}`);
const completionAtEnd = atEnd(sql`${aiUsage.completionTokens}`, sql`${aiUsage.resolvedCompletionTokens}`);

/** Attempts of a process that started in a range and have ended, as their end was booked. */
export function sumEnded(executor: Executor, processId: number, { from, to }: InstantRange) {
  return executor
    .select({
      generations: count,
      promptTokens: sum(promptAtEnd),
      completionTokens: sum(completionAtEnd),
      costUsd: sumUsd(sql`case when ${aiUsage.resolvedAt} is null then ${bookedUsd} else 0 end`),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, from), lt(aiUsage.startedAt, to), eq(aiUsage.processId, processId), isEnded));
}

/** When the first attempt of a process in a range started that has not ended; null where all have. */
export async function findFirstOpen(executor: Executor, processId: number, { from, to }: InstantRange): Promise<Date | null> {
  const [row] = await executor
    .select({ startedAt: min(aiUsage.startedAt) })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, from), lt(aiUsage.startedAt, to), eq(aiUsage.processId, processId), isNull(aiUsage.durationMs)));
  return row?.startedAt ?? null;
}

/** What a process learned in a range of attempts whose cost had been unknown. */
export function sumResolved(executor: Executor, processId: number, { from, to }: InstantRange) {
  return executor
    .select({
      promptTokens: sum(sql`${aiUsage.resolvedPromptTokens}`),
      completionTokens: sum(sql`${aiUsage.resolvedCompletionTokens}`),
      costUsd: sumUsd(bookedUsd),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.resolvedAt, from), lt(aiUsage.resolvedAt, to), eq(aiUsage.resolvedByProcessId, processId)));
}

/** By how much the corrections that a process made in a range changed costs. */
export function sumCorrected(executor: Executor, processId: number, { from, to }: InstantRange) {
  return executor
    .select({ costUsd: sumUsd(sql`${aiCostCorrections.newCostUsd} - ${aiCostCorrections.oldCostUsd}`) })
    .from(aiCostCorrections)
    .where(and(gte(aiCostCorrections.at, from), lt(aiCostCorrections.at, to), eq(aiCostCorrections.processId, processId)));
}

/** Updates of a range that a process handled to their end. */
export function countHandled(executor: Executor, processId: number, { from, to }: InstantRange) {
  return executor
    .select({ updates: count, failedUpdates: sql`count(*) filter (where ${interactions.outcome} = 'failed')`.mapWith(Number) })
    .from(interactions)
    .where(and(gte(interactions.at, from), lt(interactions.at, to), eq(interactions.processId, processId)));
}

/** Payments that a process booked, whenever they were made. */
export function countBooked(executor: Executor, processId: number) {
  return executor.select({ payments: count }).from(payments).where(eq(payments.processId, processId));
}
