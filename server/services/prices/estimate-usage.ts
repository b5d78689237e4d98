import type { Executor } from '#db/client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { estimateCost } from './estimate-cost.ts';
import { findPrice } from './find-price.ts';

/**
 * What an outcome's usage costs by the price valid when the attempt started: of the model that served, else of the one
 * asked for. Null when the usage or both prices are unknown.
 */
export async function estimateUsage(executor: Executor, outcome: LlmOutcome, model: string, at: Date): Promise<string | null> {
  if (!outcome.usage) return null;
  const served = outcome.responseModel ? await findPrice(executor, outcome.responseModel, at) : null;
  const price = served ?? (await findPrice(executor, model, at));
  return price ? estimateCost(outcome.usage, price) : null;
}
