import { desc, inArray, lte, and, sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { modelPrices } from '#db/schema/index.ts';
import { compareUsd } from '#server/lib/money.ts';
import { estimateCost, type UnitPrices } from './estimate-cost.ts';

/** What calls may cost at most, by the prices valid at an instant. */
export interface PriceBook {
  /**
   * Upper bound for so many tokens; of a model without a price, by the dearest price of all: a limit must hold for what is
   * not known too. Null when no price is known at all.
   */
  boundUsd(model: string, promptTokensMax: number, completionTokensMax: number): string | null;
}

/** Reads the prices of the given models. One query, two when a model has none. */
export async function openPriceBook(executor: Executor, models: readonly string[], at: Date): Promise<PriceBook> {
  const unique = [...new Set(models)];
  const rows = await executor
    .selectDistinctOn([modelPrices.model])
    .from(modelPrices)
    .where(and(inArray(modelPrices.model, unique), lte(modelPrices.validFrom, at)))
    .orderBy(modelPrices.model, desc(modelPrices.validFrom));
  const byModel = new Map<string, UnitPrices>(rows.map((row) => [row.model, row]));
  const dearest = byModel.size < unique.length ? await findDearest(executor) : null;
  return {
    boundUsd(model, promptTokens, completionTokens) {
      const price = byModel.get(model) ?? dearest;
      if (!price) return null;
      // A list may ask more for cached tokens than for fresh ones; none does, and a bound must hold if one did.
      const cachedPromptTokens = price.cachedPromptUsd !== null && compareUsd(price.cachedPromptUsd, price.promptUsd) > 0 ? promptTokens : 0;
      return estimateCost({ promptTokens, completionTokens, cachedPromptTokens, reasoningTokens: 0 }, price);
    },
  };
}

async function findDearest(executor: Executor): Promise<UnitPrices | null> {
  const [row] = await executor
    .select({
      promptUsd: sql<string | null>`max(greatest(${modelPrices.promptUsd}, ${modelPrices.cachedPromptUsd}))`,
      completionUsd: sql<string | null>`max(${modelPrices.completionUsd})`,
      requestUsd: sql<string | null>`max(${modelPrices.requestUsd})`,
    })
    .from(modelPrices);
  if (!row?.promptUsd || !row.completionUsd) return null;
  return { promptUsd: row.promptUsd, completionUsd: row.completionUsd, requestUsd: row.requestUsd ?? '0', cachedPromptUsd: null };
}

/** `openPriceBook` that asks the database only for models it has not asked for lately. */
export function cachePrices(ageMaxMs: number): typeof openPriceBook {
  let cached: { readonly key: string; readonly readAtMs: number; readonly book: PriceBook } | null = null;
  return async (executor, models, at) => {
    const key = [...new Set(models)].sort().join(' ');
    if (cached?.key !== key || performance.now() - cached.readAtMs > ageMaxMs) {
      cached = { key, readAtMs: performance.now(), book: await openPriceBook(executor, models, at) };
    }
    return cached.book;
  };
}
