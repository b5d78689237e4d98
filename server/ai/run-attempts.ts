import type { AiErrorType, Language, Operation } from '#server/contracts/vocabulary.ts';
import { Breakers } from './breakers.ts';
import { ATTEMPTS_MAX, nextStep } from './next-step.ts';
import type { GenerateHooks, LlmOutcome, LlmRequest, Prompt } from './types.ts';
import { type Rejection, validateAnswer } from './validate-answer.ts';

/** Leave to make one attempt, and how: what the books allow may be less than what was asked. */
export interface AttemptPermit {
  readonly requestId: string;
  /** Which attempt at the reading it is, from 1. */
  readonly number: number;
  readonly model: string;
  readonly completionTokensMax: number;
}

/**
 * Who keeps the books of attempts: each is reserved before its call and settled after it.
 * @typeParam Refusal what the books say when they allow no attempt.
 */
export interface AttemptBook<Refusal> {
  reserve(attempt: { readonly number: number; readonly model: string }): Promise<
    { readonly kind: 'granted'; readonly permit: AttemptPermit } | { readonly kind: 'refused'; readonly refusal: Refusal }
  >;
  noteGenerationId(requestId: string, generationId: string): Promise<void>;
  /** `rejection`: why the text of an answer must not be delivered; null when it is to be. */
  settle(permit: AttemptPermit, outcome: LlmOutcome, rejection: Rejection | null): Promise<void>;
}

export interface AttemptsInput {
  readonly operation: Operation;
  readonly language: Language;
  readonly prompt: Prompt;
  /** In the order in which they are to be tried; at least one. */
  readonly models: readonly string[];
  readonly userTag: string | null;
  readonly onStage?: GenerateHooks['onStage'];
}

export type AttemptsResult<Refusal> =
  | { readonly kind: 'answered'; readonly requestId: string; readonly text: string }
  | { readonly kind: 'failed'; readonly errorType: AiErrorType }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface AttemptDeps {
  readonly generate: (request: LlmRequest, signal?: AbortSignal, hooks?: GenerateHooks) => Promise<LlmOutcome>;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly random?: () => number;
  readonly breakers?: Breakers;
  readonly attemptsMax?: number;
  /** No attempt begins later than this after the first. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 75_000;

/** Runs attempts at one reading until a text may be delivered or nothing is left to try. */
export type RunAttempts = <Refusal>(input: AttemptsInput, book: AttemptBook<Refusal>) => Promise<AttemptsResult<Refusal>>;

/** Retries, fallbacks and circuit breakers around single calls. Rejects only when the books cannot be kept. */
export function createRunAttempts(deps: AttemptDeps): RunAttempts {
  const { random = Math.random, breakers = new Breakers(), patienceMs = PATIENCE_MS, attemptsMax = ATTEMPTS_MAX } = deps;

  async function call(input: AttemptsInput, permit: AttemptPermit, book: Pick<AttemptBook<never>, 'noteGenerationId'>): Promise<LlmOutcome> {
    const { operation, prompt, userTag, onStage } = input;
    const { requestId, model, completionTokensMax } = permit;
    const request: LlmRequest = { requestId, operation, model, prompt: { ...prompt, completionTokensMax }, userTag };
    const onGenerationId = (generationId: string) => book.noteGenerationId(requestId, generationId);
    return breakers.call(model, () => deps.generate(request, undefined, { onGenerationId, ...(onStage ? { onStage } : {}) }));
  }

  return async (input, book) => {
    const startedAt = performance.now();
    let modelIndex = 0;
    let numberWithModel = 1;
    for (let number = 1; ; number += 1) {
      const reservation = await book.reserve({ number, model: input.models[modelIndex] ?? '' });
      if (reservation.kind === 'refused') return reservation;
      const { permit } = reservation;
      const outcome = await call(input, permit, book);
      const rejection = outcome.kind === 'answered' ? validateAnswer(outcome.text, outcome.finishReason, input.language) : null;
      await book.settle(permit, outcome, rejection);
      if (outcome.kind === 'answered' && rejection === null) return { kind: 'answered', requestId: permit.requestId, text: outcome.text };

      const step = nextStep({ outcome, rejection, numberWithModel, hasNextModel: modelIndex + 1 < input.models.length }, random);
      const isOver = number >= attemptsMax || performance.now() - startedAt > patienceMs;
      if (step.kind === 'give_up' || isOver) return { kind: 'failed', errorType: failureOf(outcome, rejection) };
      if (step.kind === 'next_model') modelIndex += 1;
      numberWithModel = step.kind === 'next_model' ? 1 : numberWithModel + 1;
      await deps.sleep(step.waitMs);
    }
  };
}

function failureOf(outcome: LlmOutcome, rejection: Rejection | null): AiErrorType {
  return outcome.kind === 'failed' ? outcome.errorType : (rejection ?? 'invalid_response');
}
