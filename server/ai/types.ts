import type { AiErrorType, Operation } from '#server/contracts/vocabulary.ts';
import type { RunAttempts } from './run-attempts.ts';

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
  /** From the call to the first piece of text; absent where none came in pieces. */
  readonly timeToFirstTokenMs?: number;
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
      /** How long OpenRouter asked us to wait before the next attempt; absent where it did not. */
      readonly retryAfterMs?: number;
    } & LlmTrace);

/** The stages of a call, for those who want to know how far it came. */
export type LlmStage = 'sent' | 'headers' | 'first_token' | 'body';

/** What a call tells of itself while it goes on. */
export interface GenerateHooks {
  /** The provider has given the call an id; awaited, so that it can be kept before anything else happens. Must not reject. */
  readonly onGenerationId?: (generationId: string) => Promise<void>;
  /** Awaited where the stage allows it. Must not reject. */
  readonly onStage?: (stage: LlmStage) => Promise<void>;
}

/** What `GET /generation` says of a generation; `not_found` may still come true later. */
export type GenerationLookup =
  | {
      readonly kind: 'found';
      /** All that it cost, a provider key of one's own included; decimal string of US dollars. */
      readonly costUsd: string;
      readonly isByok: boolean;
      readonly model: string | null;
      readonly provider: string | null;
      readonly finishReason: string | null;
      readonly usage: LlmUsage | null;
    }
  | { readonly kind: 'not_found' }
  /** `isFinal`: asking again changes nothing (the key is refused). */
  | { readonly kind: 'failed'; readonly detail: string; readonly isFinal: boolean };

/** A model as `/models` lists it; prices are decimal strings of US dollars per token (per request for `requestUsd`). */
export interface ModelListing {
  readonly model: string;
  readonly promptUsd: string;
  readonly completionUsd: string;
  readonly requestUsd: string;
  readonly cachedPromptUsd: string | null;
}

/** What a key has spent in all and in the running UTC day, week (from Monday) and month: decimal strings of US dollars; null where it is not told. */
export interface KeySpend {
  readonly totalUsd: string | null;
  readonly dailyUsd: string | null;
  readonly weeklyUsd: string | null;
  readonly monthlyUsd: string | null;
}

/** What `/key` says of the key in use. */
export interface KeyInfo {
  /** US dollars left under the key's own limit; null without one. */
  readonly limitRemainingUsd: number | null;
  /** Charged to the account. */
  readonly charged: KeySpend;
  /** Charged by providers themselves, to keys of one's own. */
  readonly byok: KeySpend;
}

/** What one endpoint of a model was used on one completed UTC day by the whole account; decimal strings of US dollars. */
export interface ActivityRow {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly model: string;
  /** The version behind the name, which answers may name instead. */
  readonly permanentModel: string;
  readonly usageUsd: string;
  readonly byokUsd: string;
  readonly requestCount: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface LlmClient {
  /** One call, never retried: each may be billed, and whoever owns the attempt decides on the next one. */
  generate(request: LlmRequest, signal?: AbortSignal, hooks?: GenerateHooks): Promise<LlmOutcome>;
  /** Attempts at one reading, with retries and fallbacks; each is a row of the ledger. */
  readonly run: RunAttempts;
  /** What a generation cost, asked after the fact; never rejects. */
  findGeneration(generationId: string): Promise<GenerationLookup>;
  /** Models that have a price (dynamic-price sentinels are left out). Rejects when OpenRouter cannot be asked. */
  listModels(): Promise<readonly ModelListing[]>;
  /** Proves the key. Rejects with `AppError`: `unauthenticated` (401, 403) or `unavailable`. */
  getKey(signal?: AbortSignal): Promise<KeyInfo>;
  /**
   * The last 30 completed UTC days of the account, or one of them. Rejects with `AppError`: `unauthenticated` (401, 403)
   * or `unavailable`. Null without a management key.
   */
  readonly listActivity: ((date?: string) => Promise<readonly ActivityRow[]>) | null;
}
