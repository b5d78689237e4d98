import { and, desc, eq, lte } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { modelPrices, type ModelPrice } from '#db/schema/index.ts';

/** The price of a model that was valid at an instant, or null when none was known then. */
export async function findPrice(executor: Executor, model: string, at: Date): Promise<ModelPrice | null> {
  const [price] = await executor
    .select()
    .from(modelPrices)
    .where(and(eq(modelPrices.model, model), lte(modelPrices.validFrom, at)))
    .orderBy(desc(modelPrices.validFrom))
    .limit(1);
  return price ?? null;
}
