import { randomInt } from 'node:crypto';
import { createRandom, pick, type Random } from '../random.ts';
import { sampleCompletionTokens } from '../trace-shape.ts';
import type { ChatRequest } from './chat-request.ts';
import { type GenerationPrice, priceGeneration } from './price-generation.ts';
import { composeAnswer } from './text/compose-answer.ts';
import { countTokens, cutToTokens } from './text/count-tokens.ts';
import { readPrompt } from './text/read-prompt.ts';

/** Everything about an answer before any of it is sent. */
export interface Generation {
  readonly id: string;
  readonly createdAtSeconds: number;
  readonly provider: string;
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  /** With the reasoning tokens. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
  readonly price: GenerationPrice;
  /** Both at realistic speed: until the first token, and from there to the last. */
  readonly latencyMs: number;
  readonly generationTimeMs: number;
}

const MESSAGE_OVERHEAD_TOKENS = 7;
const REASONING_SHARE_MIN = 0.2;
const REASONING_SHARE_MAX = 0.8;
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 20;
const LATENCY_MIN_MS = 250;
const LATENCY_MEAN_EXTRA_MS = 350;
const TOKENS_PER_SECOND_MIN = 45;
const TOKENS_PER_SECOND_MAX = 160;

/**
 * Decides on an answer. Text, sizes, provider and times depend on the seed and the request alone; the id is new each
 * time. Lengths follow the trace, are cut at the request's limit, and are the tokens of the text that is really sent.
 */
export function planGeneration(request: ChatRequest, seed: number, now: Date): Generation {
  const { model, system, user, completionTokensMax } = request;
  const random = createRandom(JSON.stringify([seed, model.id, system, user, completionTokensMax]));
  const wanted = sampleCompletionTokens(random);
  const limit = completionTokensMax ?? Number.POSITIVE_INFINITY;
  const reasoningTokens = model.hasReasoning
    ? Math.min(Math.round(wanted * between(random, REASONING_SHARE_MIN, REASONING_SHARE_MAX)), limit)
    : 0;
  const fullText = composeAnswer(readPrompt(system, user), wanted, random);
  const isCut = countTokens(fullText) + reasoningTokens > limit;
  const text = isCut ? cutToTokens(fullText, limit - reasoningTokens) : fullText;
  const completionTokens = isCut ? limit : countTokens(fullText) + reasoningTokens;
  const promptTokens = countTokens(system) + countTokens(user) + MESSAGE_OVERHEAD_TOKENS;
  const tokensPerSecond = between(random, TOKENS_PER_SECOND_MIN, TOKENS_PER_SECOND_MAX);
  const createdAtSeconds = Math.floor(now.getTime() / 1_000);
  return {
    id: createGenerationId(createdAtSeconds),
    createdAtSeconds,
    provider: pick(random, model.providers),
    text,
    finishReason: isCut ? 'length' : 'stop',
    promptTokens,
    completionTokens,
    reasoningTokens,
    price: priceGeneration(model, promptTokens, completionTokens),
    latencyMs: Math.round(LATENCY_MIN_MS - Math.log(1 - random()) * LATENCY_MEAN_EXTRA_MS),
    generationTimeMs: Math.round((completionTokens / tokensPerSecond) * 1_000),
  };
}

/** `gen-<unix seconds>-<20 letters and digits>`. */
export function createGenerationId(atSeconds: number): string {
  const tail = Array.from({ length: ID_LENGTH }, () => ID_ALPHABET.charAt(randomInt(ID_ALPHABET.length))).join('');
  return `gen-${atSeconds}-${tail}`;
}

function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}
