import type { UnitPrices } from '../prices/estimate-cost.ts';
import { estimateCost } from '../prices/estimate-cost.ts';
import type { LogEntry } from './types.ts';

/** What the ledger says of the cost of a call that somebody else made and delivered. */
export interface ImportedCost {
  readonly status: 'settled' | 'unknown';
  readonly costUsd: string | null;
  readonly costSource: 'billed' | 'estimated' | 'none';
  readonly disposition: 'delivered' | null;
}

/** The cost that the log gives, else what its tokens cost by a price, else unknown, which is not 0. */
export function assessCost(entry: LogEntry, price: UnitPrices | null): ImportedCost {
  if (entry.costUsd !== null) return { status: 'settled', costUsd: entry.costUsd, costSource: 'billed', disposition: 'delivered' };
  if (!price) return { status: 'unknown', costUsd: null, costSource: 'none', disposition: null };
  // The log does not tell cached tokens apart, so all of them are priced in full.
  const usage = { promptTokens: entry.promptTokens, completionTokens: entry.completionTokens, cachedPromptTokens: 0, reasoningTokens: 0 };
  return { status: 'settled', costUsd: estimateCost(usage, price), costSource: 'estimated', disposition: 'delivered' };
}
