import type { Database, Transaction } from '#db/client.ts';
import type { LlmClient, LlmUsage, Prompt } from '#server/ai/types.ts';
import type { AiErrorType, CostSource, GenerationStatus, Operation, Plan } from '#server/contracts/vocabulary.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';

/** What became of one attempt; told to the observer after the commit that made it true. */
export interface FinishedGeneration {
  readonly operation: Operation;
  readonly model: string;
  readonly status: Exclude<GenerationStatus, 'reserved'>;
  readonly errorType: AiErrorType | null;
  readonly durationMs: number;
  readonly usage: LlmUsage | null;
  /** Decimal string of US dollars; null unless settled. */
  readonly costUsd: string | null;
  readonly costSource: CostSource;
}

export interface GenerationDeps {
  readonly db: Database;
  /** Null when no key is configured: generations are then refused as `ai_disabled`. */
  readonly llm: LlmClient | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keys the pseudonyms under which OpenRouter knows users. */
  readonly pseudonymSecret: string;
  /** The model asked for each operation. */
  readonly models: Readonly<Record<Operation, string>>;
  readonly onGenerationFinished: (generation: FinishedGeneration) => void;
}

export interface RunGenerationInput {
  readonly operation: Operation;
  readonly userId: number;
  readonly plan: Plan;
  readonly updateId: number | null;
  readonly prompt: Prompt;
  /** Stores the text; runs inside the transaction that settles, so that what was paid for is never lost. */
  readonly store: (tx: Transaction, answer: { readonly text: string; readonly requestId: string }) => Promise<void>;
}

export type GenerationResult =
  | { readonly status: 'answered'; readonly requestId: string; readonly text: string }
  | { readonly status: 'failed'; readonly errorType: AiErrorType | 'ai_disabled' };
