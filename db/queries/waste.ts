import { and, gte, lt, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage, interactions } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

const isDelivered = sql`${aiUsage.disposition} = 'delivered'`;
const sumUsd = (filter = sql`true`) => sql`coalesce(sum(${aiUsage.costUsd}) filter (where ${filter}), 0)::numeric(20,12)`.mapWith(String);
const count = (filter = sql`true`) => sql`count(*) filter (where ${filter})`.mapWith(Number);

/**
 * Spend of a range in one pass: a row over all (`total`), and rows per disposition and error type (`cause`), per
 * operation and per model; each kind adds up to the total.
 */
export function sumSpend(executor: Executor, { from, to }: InstantRange) {
  return executor
    .select({
      kind: sql<'total' | 'cause' | 'operation' | 'model'>`case
        when grouping(${aiUsage.disposition}) = 0 then 'cause'
        when grouping(${aiUsage.operation}) = 0 then 'operation'
        when grouping(${aiUsage.model}) = 0 then 'model'
        else 'total' end`,
      disposition: aiUsage.disposition,
      errorType: aiUsage.errorType,
      operation: sql<string | null>`${aiUsage.operation}`,
      model: sql<string | null>`${aiUsage.model}`,
      costUsd: sumUsd(),
      deliveredUsd: sumUsd(isDelivered),
      attemptCount: count(),
      settledCount: count(sql`${aiUsage.status} = 'settled'`),
      deliveredCount: count(sql`${aiUsage.status} = 'settled' and ${isDelivered}`),
      openCount: count(sql`${aiUsage.status} in ('reserved', 'unknown')`),
    })
    .from(aiUsage)
    .where(and(gte(aiUsage.startedAt, from), lt(aiUsage.startedAt, to)))
    .groupBy(sql`grouping sets ((), (${aiUsage.disposition}, ${aiUsage.errorType}), (${aiUsage.operation}), (${aiUsage.model}))`);
}

/** Readings that users were given in a range, by where their text came from; `unrecorded` are older than that record. */
export async function countReadings(executor: Executor, { from, to }: InstantRange) {
  const ofSource = (filter: ReturnType<typeof sql>) => sql`count(*) filter (where ${filter})`.mapWith(Number);
  const [row] = await executor
    .select({
      storeCount: ofSource(sql`${interactions.readingSource} = 'store'`),
      modelCount: ofSource(sql`${interactions.readingSource} = 'model'`),
      unrecordedCount: ofSource(sql`${interactions.readingSource} is null and ${interactions.operation} is not null and ${interactions.outcome} = 'ok'`),
    })
    .from(interactions)
    .where(and(gte(interactions.at, from), lt(interactions.at, to)));
  return row ?? { storeCount: 0, modelCount: 0, unrecordedCount: 0 };
}
