import type { LlmOutcome } from '#server/ai/types.ts';
import type { AiErrorType, CostSource, Disposition } from '#server/contracts/vocabulary.ts';

/** How the ledger books an outcome. */
export interface Assessment {
  readonly status: 'settled' | 'void' | 'unknown';
  readonly costUsd: string | null;
  readonly costSource: CostSource;
  readonly errorType: AiErrorType | null;
  /** Null when nothing was paid for. */
  readonly disposition: Disposition | null;
}

/**
 * Books an outcome. What the bill says wins; without a bill the estimate, marked as such; with neither, the row stays
 * `unknown` and has no cost: nothing is settled at 0 because we do not know.
 * @param estimatedUsd what the usage costs by our price list; null when there is no usage or no price.
 * @param rejection why an answer must not be delivered; null when it is to be.
 */
export function assessOutcome(outcome: LlmOutcome, estimatedUsd: string | null, rejection: AiErrorType | null = null): Assessment {
  const errorType = outcome.kind === 'failed' ? outcome.errorType : rejection;
  const disposition = rejection === null ? 'undelivered' : 'rejected';
  const billedUsd = outcome.bill?.costUsd ?? null;
  if (billedUsd !== null) return { status: 'settled', costUsd: billedUsd, costSource: 'billed', errorType, disposition };
  if (outcome.kind === 'failed' && outcome.wasBilled === 'no') return { status: 'void', costUsd: null, costSource: 'none', errorType, disposition: null };
  if (estimatedUsd !== null && outcome.kind === 'answered') return { status: 'settled', costUsd: estimatedUsd, costSource: 'estimated', errorType, disposition };
  return { status: 'unknown', costUsd: null, costSource: 'none', errorType, disposition };
}
