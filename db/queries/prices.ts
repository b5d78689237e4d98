import { and, desc, eq, inArray, lte } from 'drizzle-orm';
import type { Executor } from '../client.ts';
import { modelPrices, type ModelPrice } from '../schema/index.ts';

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
