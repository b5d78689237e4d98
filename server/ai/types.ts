import type { AiErrorType, Operation } from '#server/contracts/vocabulary.ts';

/** What a model is to write. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
  /** Upper limit of the answer; always sent, because OpenRouter's credit pre-check assumes the model's maximum otherwise. */
  readonly completionTokensMax: number;
}

export interface LlmRequest {
  /** Ours, made before the call; UUIDv7. */
  readonly requestId: string;
  readonly operation: Operation;
  /** As OpenRouter names it, vendor included. */
  readonly model: string;
  readonly prompt: Prompt;
  /** A pseudonym of the user for abuse isolation; never a Telegram id. */
  readonly userTag: string | null;
}

/** Token counts as billed. Cached and reasoning tokens are parts of the other two. */
export interface LlmUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly reasoningTokens: number;
}

/** What the answer itself tells of its cost: a decimal string of US dollars, or null when it tells nothing. */
export interface LlmBill {
  readonly costUsd: string | null;
  readonly isByok: boolean;
}

/** What is known of a call whatever its end. */
export interface LlmTrace {
  readonly durationMs: number;
  readonly generationId: string | null;
  readonly responseModel: string | null;
  readonly provider: string | null;
  readonly finishReason: string | null;
  /** Null when the response carried no trustworthy usage. */
  readonly usage: LlmUsage | null;
  readonly bill: LlmBill | null;
  /** For logs only: what is wrong with the usage or the cost that came and was not believed. */
  readonly usageProblem?: string;
}

/**
 * One call's one outcome; the client never throws for what OpenRouter or the network does.
 * `wasBilled` of a failure: `no` (certainly not), `yes` (the body says a cost), `unknown` (it may have been).
 */
export type LlmOutcome =
  | ({ readonly kind: 'answered'; readonly text: string } & LlmTrace)
  | ({
      readonly kind: 'failed';
      readonly errorType: AiErrorType;
      /** For logs only: may hold the provider's words, never a key. */
      readonly detail: string;
      readonly httpStatus: number | null;
      readonly wasBilled: 'no' | 'yes' | 'unknown';
    } & LlmTrace);

/** A model as `/models` lists it; prices are decimal strings of US dollars per token (per request for `requestUsd`). */
export interface ModelListing {
  readonly model: string;
  readonly promptUsd: string;
  readonly completionUsd: string;
  readonly requestUsd: string;
  readonly cachedPromptUsd: string | null;
}

/** What `/key` says of the key in use. */
export interface KeyInfo {
  /** US dollars left under the key's own limit; null without one. */
  readonly limitRemainingUsd: number | null;
}

export interface LlmClient {
  generate(request: LlmRequest, signal?: AbortSignal): Promise<LlmOutcome>;
  /** Models that have a price (dynamic-price sentinels are left out). Rejects when OpenRouter cannot be asked. */
  listModels(): Promise<readonly ModelListing[]>;
  /** Proves the key. Rejects with `AppError`: `unauthenticated` (401, 403) or `unavailable`. */
  getKey(signal?: AbortSignal): Promise<KeyInfo>;
}
