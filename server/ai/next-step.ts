import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import type { LlmOutcome } from './types.ts';
import type { Rejection } from './validate-answer.ts';

/** Attempts at one reading, all models together. */
export const ATTEMPTS_MAX = 4;
/** Attempts with one model before the next takes over. */
const ATTEMPTS_PER_MODEL_MAX = 2;
const BACKOFF_MS = 500;
/** Nobody waits longer in a chat: the next model is asked instead. */
export const RETRY_AFTER_PATIENCE_MS = 10_000;

/** What follows an attempt that brought no text that may be delivered. */
export type NextStep =
  | { readonly kind: 'retry'; readonly waitMs: number }
  | { readonly kind: 'next_model'; readonly waitMs: number }
  | { readonly kind: 'give_up' };

export interface EndedAttempt {
  readonly outcome: LlmOutcome;
  readonly rejection: Rejection | null;
  /** Which attempt with this model it was, from 1. */
  readonly numberWithModel: number;
  readonly hasNextModel: boolean;
}

/** The account is at fault, and no model will do better. */
const HOPELESS: ReadonlySet<AiErrorType> = new Set<AiErrorType>(['unauthorized', 'payment_required', 'interrupted']);
/** The model is at fault: asking it again brings the same. */
const MODEL_REFUSES: ReadonlySet<AiErrorType> = new Set<AiErrorType>(['forbidden', 'not_found', 'bad_request', 'circuit_open', 'refused']);

/**
 * Decides what follows. A call that may have been billed although its answer was lost is never sent again blindly: it
 * stays `unknown` until it is looked up, and the user has a button.
 * @param random 0 to 1, spreads retries.
 */
export function nextStep(attempt: EndedAttempt, random: () => number): NextStep {
  const { outcome, rejection, numberWithModel, hasNextModel } = attempt;
  const errorType = outcome.kind === 'failed' ? outcome.errorType : rejection;
  if (errorType === null || HOPELESS.has(errorType)) return { kind: 'give_up' };
  if (outcome.kind === 'failed' && outcome.wasBilled === 'unknown') return { kind: 'give_up' };
  const waitMs = Math.round(BACKOFF_MS * 2 ** (numberWithModel - 1) * (0.5 + random()));
  const askedMs = outcome.kind === 'failed' ? outcome.retryAfterMs : undefined;
  const isPatient = askedMs === undefined || askedMs <= RETRY_AFTER_PATIENCE_MS;
  if (!MODEL_REFUSES.has(errorType) && numberWithModel < ATTEMPTS_PER_MODEL_MAX && isPatient) {
    return { kind: 'retry', waitMs: rejection === null ? Math.max(waitMs, askedMs ?? 0) : 0 };
  }
  return hasNextModel ? { kind: 'next_model', waitMs: 0 } : { kind: 'give_up' };
}
