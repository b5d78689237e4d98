import { isRecord } from './json.ts';
import type { LlmUsage } from './types.ts';

/** More tokens than any model handles at once; a count above it is garbage. */
export const TOKEN_COUNT_MAX = 10_000_000;

/** A usage that can be trusted, or what is wrong with the one that came (both null: none came). */
export interface UsageReading {
  readonly usage: LlmUsage | null;
  readonly problem: string | null;
}

/**
 * Reads the token counts of a `usage` object. A count that is not a whole number from 0 to `TOKEN_COUNT_MAX`, or a part
 * that is larger than its whole, makes all of it untrustworthy: the usage is then null, never a guess.
 */
export function readUsage(value: unknown): UsageReading {
  if (!isRecord(value)) return { usage: null, problem: value === undefined || value === null ? null : 'usage is not an object' };
  const promptTokens = readCount(value['prompt_tokens']);
  const completionTokens = readCount(value['completion_tokens']);
  if (promptTokens === null || completionTokens === null) return { usage: null, problem: 'token counts are not counts' };
  const cachedPromptTokens = readPart(value['prompt_tokens_details'], 'cached_tokens');
  const reasoningTokens = readPart(value['completion_tokens_details'], 'reasoning_tokens');
  if (cachedPromptTokens === null || reasoningTokens === null) return { usage: null, problem: 'token details are not counts' };
  if (cachedPromptTokens > promptTokens || reasoningTokens > completionTokens) {
    return { usage: null, problem: 'a part of the tokens is larger than the whole' };
  }
  return { usage: { promptTokens, completionTokens, cachedPromptTokens, reasoningTokens }, problem: null };
}

function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= TOKEN_COUNT_MAX ? value : null;
}

/** Details are optional, and so is each of them: absent means none. */
function readPart(details: unknown, key: string): number | null {
  if (details === undefined || details === null) return 0;
  if (!isRecord(details)) return null;
  const part = details[key];
  return part === undefined || part === null ? 0 : readCount(part);
}
