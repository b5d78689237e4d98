import type { ChatRequest } from './chat-request.ts';
import type { StandInContext } from './context.ts';
import type { Generation } from './plan-generation.ts';
import { priceGeneration } from './price-generation.ts';

/** How a generation ended, for the journal. */
export interface GenerationEnd {
  readonly request: ChatRequest;
  readonly generation: Generation;
  readonly isBilled: boolean;
  readonly isByok: boolean;
  readonly finishReason: string | null;
  /** The client left before the end. */
  readonly isCancelled: boolean;
  /** Of a stream that the client left: the part that was written until then (0 to 1). */
  readonly sentShare?: number;
}

/** Writes the entry of a generation; a stream that was left costs what was written of it. */
export function bookEnd({ journal, clock }: StandInContext, end: GenerationEnd): void {
  const { request, generation, sentShare = 1 } = end;
  const completionTokens = Math.ceil(generation.completionTokens * sentShare);
  journal.record({
    at: clock.now().toISOString(),
    generationId: generation.id,
    model: request.model.id,
    promptTokens: generation.promptTokens,
    completionTokens,
    reasoningTokens: Math.min(generation.reasoningTokens, completionTokens),
    costUsd: end.isBilled ? priceGeneration(request.model, generation.promptTokens, completionTokens).totalUsd : '0',
    isByok: end.isByok,
    outcome: end.isBilled ? 'billed' : 'not_billed',
    httpStatus: 200,
    externalUser: request.externalUser,
    provider: generation.provider,
    finishReason: end.finishReason,
    isStreamed: request.isStreamed,
    isCancelled: end.isCancelled,
    latencyMs: generation.latencyMs,
    generationTimeMs: generation.generationTimeMs,
  });
}
