import { findCurrentPrices } from '#db/queries/prices.ts';
import { listUsedModels } from '#db/queries/rollups/spend.ts';
import type { ListPricesInput, PriceList } from '#server/contracts/prices.ts';
import { OPERATIONS, type Operation } from '#server/contracts/vocabulary.ts';
import { describeRange } from './describe-range.ts';
import { readSnapshot, type ReportDeps } from './report-kit.ts';
import { toPrice } from './to-price.ts';

/** Models of a range that are listed; an imported log may hold any number. */
const USED_MODELS_MAX = 100;

/** The current price of each model that is configured or was used in a range: the configured ones first, then the most used. */
export function listPrices(deps: ReportDeps, models: Readonly<Record<Operation, string>>, input: ListPricesInput): Promise<PriceList> {
  return readSnapshot(deps, input, async ({ executor, range, now, coverWhole }) => {
    const used = await listUsedModels(executor, coverWhole('ledger'), USED_MODELS_MAX);
    const countByModel = new Map(used.map(({ model, attemptCount }) => [model, attemptCount]));
    const names = [...new Set([...OPERATIONS.map((operation) => models[operation]), ...countByModel.keys()])];
    const prices = new Map((await findCurrentPrices(executor, names, now)).map((price) => [price.model, toPrice(price)]));
    return {
      range: describeRange(range),
      generatedAt: now.toISOString(),
      models: names.map((model) => ({
        model,
        operations: OPERATIONS.filter((operation) => models[operation] === model),
        attemptCount: countByModel.get(model) ?? 0,
        price: prices.get(model) ?? null,
      })),
    };
  });
}
