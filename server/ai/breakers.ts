import { type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleWhenResult, isBrokenCircuitError } from 'cockatiel';
import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import type { LlmOutcome } from './types.ts';

/** Failures in a row after which a model is left alone. */
export const BREAKER_FAILURES_MAX = 5;
/** How long it is left alone before one call tries it again. */
export const BREAKER_OPEN_MS = 30_000;

/** What says that a model is in trouble; a wrong key or a bad prompt does not. */
const TROUBLE: ReadonlySet<AiErrorType> = new Set<AiErrorType>(['rate_limited', 'provider_error', 'timeout', 'connection', 'invalid_response']);

const isTrouble = (outcome: unknown): boolean =>
  typeof outcome === 'object' && outcome !== null && 'errorType' in outcome && TROUBLE.has(outcome.errorType as AiErrorType);

/** A circuit breaker for each model. */
export class Breakers {
  readonly #byModel = new Map<string, CircuitBreakerPolicy>();
  readonly #openMs: number;

  constructor(openMs: number = BREAKER_OPEN_MS) {
    this.#openMs = openMs;
  }

  /** Makes the call, or answers `circuit_open` without making it while the model is left alone. */
  async call(model: string, make: () => Promise<LlmOutcome>): Promise<LlmOutcome> {
    try {
      return await this.#of(model).execute(make);
    } catch (error) {
      if (isBrokenCircuitError(error)) return CIRCUIT_OPEN;
      throw error;
    }
  }

  #of(model: string): CircuitBreakerPolicy {
    let breaker = this.#byModel.get(model);
    if (!breaker) {
      breaker = circuitBreaker(handleWhenResult(isTrouble), { halfOpenAfter: this.#openMs, breaker: new ConsecutiveBreaker(BREAKER_FAILURES_MAX) });
      this.#byModel.set(model, breaker);
    }
    return breaker;
  }
}

const CIRCUIT_OPEN: LlmOutcome = {
  kind: 'failed',
  errorType: 'circuit_open',
  detail: 'not called: the model failed several times in a row',
  httpStatus: null,
  wasBilled: 'no',
  durationMs: 0,
  generationId: null,
  responseModel: null,
  provider: null,
  finishReason: null,
  usage: null,
  bill: null,
};
