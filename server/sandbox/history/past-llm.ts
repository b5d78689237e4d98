import { createRandom } from '../random.ts';
import { DEFAULT_MODEL_ID, findModel } from '../openrouter/model-catalogue.ts';
import type { NewJournalEntry } from '../openrouter/journal-entry.ts';
import { planGeneration, type Generation } from '../openrouter/plan-generation.ts';

/** What is asked of a model in the past: the part of a request that decides the answer. */
export interface PastRequest {
  readonly model: string;
  readonly prompt: { readonly system: string; readonly user: string; readonly completionTokensMax: number };
  readonly userTag: string | null;
}

export interface PastLlmOptions {
  readonly seed: number;
  /** How often each thing was asked; shared by all who act at the same time. */
  readonly askedCounts?: Map<string, number>;
  /** The instant at which the call is made. */
  readonly at: () => Date;
  /** Told of every answer as the stand-in would have billed it, so that its books and the ledger agree. */
  readonly onBilled: (entry: NewJournalEntry) => void;
}

/** One call in this many failed at the provider, unbilled. */
const CALLS_PER_FAILURE = 50;

/**
 * Answers for the OpenRouter stand-in at a time when it did not run yet: the same texts, sizes, prices and durations,
 * without the waiting.
 */
export function createPastLlm({ seed, at, onBilled, askedCounts = new Map() }: PastLlmOptions) {
  /** Decided by what is asked and how often it was, not by when and by whom: people of the past act side by side, in no fixed order. */
  const isFailing = ({ model, prompt }: PastRequest): boolean => {
    const key = `${seed}/${model}/${prompt.user}`;
    const count = askedCounts.get(key) ?? 0;
    askedCounts.set(key, count + 1);
    return createRandom(`${key}/${count}`)() < 1 / CALLS_PER_FAILURE;
  };

  function generate(request: PastRequest): ReturnType<typeof answered> | ReturnType<typeof failed> {
    const model = findModel(request.model) ?? findModel(DEFAULT_MODEL_ID);
    if (!model) throw new Error('the catalogue lacks its default model');
    const now = at();
    const { system, user, completionTokensMax } = request.prompt;
    const chat = { requestedModel: request.model, model, system, user, completionTokensMax, isStreamed: false, externalUser: request.userTag };
    const generation = planGeneration(chat, seed, now);
    const durationMs = generation.latencyMs + generation.generationTimeMs;
    if (isFailing(request)) return failed(durationMs);
    onBilled(toJournalEntry(generation, model.id, request.userTag, now));
    return answered(generation, model.id, durationMs);
  }
  return { generate };
}

function answered(generation: Generation, model: string, durationMs: number) {
  return {
    kind: 'answered' as const,
    text: generation.text,
    durationMs,
    generationId: generation.id,
    responseModel: model,
    provider: generation.provider,
    finishReason: generation.finishReason,
    usage: {
      promptTokens: generation.promptTokens,
      completionTokens: generation.completionTokens,
      cachedPromptTokens: 0,
      reasoningTokens: generation.reasoningTokens,
    },
    bill: { costUsd: generation.price.totalUsd, isByok: false },
  };
}

function failed(durationMs: number) {
  return {
    kind: 'failed' as const,
    errorType: 'provider_error' as const,
    detail: 'the provider was overloaded',
    httpStatus: 503,
    wasBilled: 'no' as const,
    durationMs,
    generationId: null,
    responseModel: null,
    provider: null,
    finishReason: null,
    usage: null,
    bill: null,
  };
}

function toJournalEntry(generation: Generation, model: string, externalUser: string | null, at: Date): NewJournalEntry {
  return {
    at: at.toISOString(),
    generationId: generation.id,
    model,
    promptTokens: generation.promptTokens,
    completionTokens: generation.completionTokens,
    reasoningTokens: generation.reasoningTokens,
    costUsd: generation.price.totalUsd,
    externalUser,
    provider: generation.provider,
    finishReason: generation.finishReason,
    latencyMs: generation.latencyMs,
    generationTimeMs: generation.generationTimeMs,
  };
}
