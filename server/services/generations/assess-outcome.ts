import type { LlmOutcome } from '#server/ai/types.ts';
import type { AiErrorType, CostSource } from '#server/contracts/vocabulary.ts';

/** How the ledger books an outcome. */
export interface Assessment {
  readonly status: 'settled' | 'void' | 'unknown';
  readonly costUsd: string | null;
  readonly costSource: CostSource;
  readonly errorType: AiErrorType | null;
}

/**
 * Books an outcome. What the bill says wins; without a bill the estimate, marked as such; with neither, the row stays
 * `unknown` and has no cost: nothing is settled at 0 because we do not know.
 * @param estimatedUsd what the usage costs by our price list; null when there is no usage or no price.
 */
export function assessOutcome(outcome: LlmOutcome, estimatedUsd: string | null): Assessment {
  const errorType = outcome.kind === 'failed' ? outcome.errorType : null;
  const billedUsd = outcome.bill?.costUsd ?? null;
  if (billedUsd !== null) return { status: 'settled', costUsd: billedUsd, costSource: 'billed', errorType };
  if (outcome.kind === 'failed' && outcome.wasBilled === 'no') return { status: 'void', costUsd: null, costSource: 'none', errorType };
  if (estimatedUsd !== null && outcome.kind === 'answered') return { status: 'settled', costUsd: estimatedUsd, costSource: 'estimated', errorType };
  return { status: 'unknown', costUsd: null, costSource: 'none', errorType };
}
