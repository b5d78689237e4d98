import type { Executor } from '#db/client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import type { Clock } from '#server/lib/clock.ts';
import { recordPrices } from './record-prices.ts';

/** Asks OpenRouter for its price list and appends what changed. Rejects when it cannot be asked; what is on record stays. */
export async function refreshPrices(deps: { db: Executor; llm: LlmClient; clock: Clock }): Promise<number> {
  const listings = await deps.llm.listModels();
  return recordPrices(deps.db, listings, deps.clock.now());
}
