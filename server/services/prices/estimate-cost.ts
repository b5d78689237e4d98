import type { LlmUsage } from '#server/ai/types.ts';
import { parseDecimal, toLedgerUsd } from '#server/lib/money.ts';

/** US dollars per token, `requestUsd` per request; decimal strings. */
export interface UnitPrices {
  readonly promptUsd: string;
  readonly completionUsd: string;
  readonly requestUsd: string;
  /** Null: cached tokens cost what prompt tokens cost. */
  readonly cachedPromptUsd: string | null;
}

/**
 * What a usage costs by a price list: (prompt − cached) × prompt + cached × cached price + completion × completion +
 * request. Cached and reasoning tokens are parts of the counts and are counted once. Exact; rounded half up to 12 places.
 */
export function estimateCost(usage: LlmUsage, prices: UnitPrices): string {
  const cachedTokens = Math.min(usage.cachedPromptTokens, usage.promptTokens);
  return toLedgerUsd(
    parseDecimal(prices.promptUsd)
      .times(usage.promptTokens - cachedTokens)
      .plus(parseDecimal(prices.cachedPromptUsd ?? prices.promptUsd).times(cachedTokens))
      .plus(parseDecimal(prices.completionUsd).times(usage.completionTokens))
      .plus(prices.requestUsd),
  );
}
