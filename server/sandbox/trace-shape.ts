import type { Random } from './random.ts';

/**
 * The shape of real traffic to a language model, as quantiles (0 %, 5 %, ... 100 %).
 * Derived from the Azure LLM inference trace 2023, conversation part (19,366 requests in 58 minutes), published by
 * Microsoft in Azure/AzurePublicDataset under CC-BY 4.0.
 */
export const TRACE_SOURCE = 'Azure LLM inference trace 2023 (conversation), Microsoft, CC-BY 4.0';

/** ContextTokens of the trace; mean 1,155. */
export const PROMPT_TOKEN_QUANTILES = [
  2, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1020, 1045, 1071, 1097, 1130, 1189, 1315, 1876, 2734, 4083, 14050,
] as const;

/** GeneratedTokens of the trace; mean 211. */
export const COMPLETION_TOKEN_QUANTILES = [
  7, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 1000,
] as const;

/** Gaps between arrivals divided by their mean (0.181 s), up to the 95 % quantile. */
export const ARRIVAL_GAP_QUANTILES = [
  0, 0.035, 0.089, 0.146, 0.202, 0.267, 0.336, 0.406, 0.483, 0.564, 0.655, 0.761, 0.877, 1.013, 1.181, 1.364, 1.597, 1.913, 2.327, 3.126,
] as const;

/** The last twentieth of the gaps: one gap in two thousand is longer than 8 means, and a straight line would make it one in sixty. */
const ARRIVAL_GAP_TAIL_QUANTILES = [3.126, 3.419, 3.723, 4.144, 4.916, 7.914] as const;

/** The value at `share` (0 to 1) of a distribution given by evenly spaced quantiles, linear between them. */
export function quantileAt(quantiles: readonly number[], share: number): number {
  const position = Math.min(Math.max(share, 0), 1) * (quantiles.length - 1);
  const index = Math.min(Math.floor(position), quantiles.length - 2);
  const low = quantiles[index] ?? 0;
  const high = quantiles[index + 1] ?? low;
  return low + (high - low) * (position - index);
}

/** How long an answer is, in tokens. */
export function sampleCompletionTokens(random: Random): number {
  return Math.round(quantileAt(COMPLETION_TOKEN_QUANTILES, random()));
}

/** How long a prompt is, in tokens. */
export function samplePromptTokens(random: Random): number {
  return Math.round(quantileAt(PROMPT_TOKEN_QUANTILES, random()));
}

/** The time to the next arrival as a multiple of the mean gap (its own mean is 1 within 2 %). */
export function sampleArrivalGap(random: Random): number {
  const share = random();
  return share < 0.95 ? quantileAt(ARRIVAL_GAP_QUANTILES, share / 0.95) : quantileAt(ARRIVAL_GAP_TAIL_QUANTILES, (share - 0.95) / 0.05);
}
