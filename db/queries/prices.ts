import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { aiUsage, modelPrices, type ModelPrice } from '../schema/index.ts';
import type { InstantRange } from './ledger.ts';

/** The models that attempts of a range asked for or were served by, the most used first. */
export async function listUsedModels(executor: Executor, { from, to }: InstantRange, limit: number): Promise<{ model: string; attemptCount: number }[]> {
  const rows = await executor.execute(sql`
    select used.model, count(*) as attempt_count
    from ${aiUsage}
    cross join lateral (values (${aiUsage.model}), (nullif(${aiUsage.responseModel}, ${aiUsage.model}))) as used(model)
    where ${aiUsage.startedAt} >= ${from.toISOString()}::timestamptz and ${aiUsage.startedAt} < ${to.toISOString()}::timestamptz
      and used.model is not null
    group by used.model
    order by count(*) desc, used.model
    limit ${limit}`);
  return [...rows].map((row) => ({ model: String(row['model']), attemptCount: Number(row['attempt_count']) }));
}

/** The price of each model that was valid at an instant; models without one have no row. */
export async function findCurrentPrices(executor: Executor, models: readonly string[], at: Date): Promise<ModelPrice[]> {
  if (models.length === 0) return [];
  return executor
    .selectDistinctOn([modelPrices.model])
    .from(modelPrices)
    .where(and(inArray(modelPrices.model, [...models]), lte(modelPrices.validFrom, at)))
    .orderBy(modelPrices.model, desc(modelPrices.validFrom));
}

/** The prices of one model, the newest first. */
export function listPriceHistory(executor: Executor, model: string, limit: number): Promise<ModelPrice[]> {
  return executor.select().from(modelPrices).where(eq(modelPrices.model, model)).orderBy(desc(modelPrices.validFrom)).limit(limit);
}

/** How many prices of one model are on record. */
export function countPrices(executor: Executor, model: string): Promise<number> {
  return executor.$count(modelPrices, eq(modelPrices.model, model));
}
