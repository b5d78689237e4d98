import type { Database, Transaction } from '#db/client.ts';
import type { LlmClient, LlmUsage, Prompt } from '#server/ai/types.ts';
import type { AiErrorType, CostSource, GenerationStatus, Language, Operation, Plan, ReadingSource } from '#server/contracts/vocabulary.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { BudgetRefusal } from '../budgets/types.ts';
import type { Reservation, ReserveInput } from './reserve-generations.ts';

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

/** A cost that became known, or changed, after its attempt had ended; told after the commit. */
export interface ResolvedCost {
  readonly operation: string;
  readonly model: string;
  /** Signed: what the totals grew by. */
  readonly deltaUsd: string;
  readonly deltaPromptTokens: number;
  readonly deltaCompletionTokens: number;
}

/** Where a process may die: each is a promise about what the books then say. */
export const CHECKPOINTS = ['after_reserve', 'after_send', 'after_headers', 'after_first_token', 'after_body', 'before_settle', 'in_settle', 'after_settle'] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

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
  /** Tried in this order when that model fails; none unless given. */
  readonly fallbackModels?: readonly string[];
  /** What a budget's step may switch to; none unless given. */
  readonly cheaperModel?: string | null;
  /** Whose days, weeks and months budgets count; UTC unless given. */
  readonly reportingTimeZone?: string;
  /** The run of this program, which what it writes carries; none for a past that is laid down. */
  readonly processId?: number;
  /** Joins reservations that arrive together; one transaction each unless given. */
  readonly reserve?: (input: ReserveInput) => Promise<Reservation>;
  readonly onGenerationFinished: (generation: FinishedGeneration) => void;
  /** Called, and awaited, as a generation passes these points. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void>;
}

export interface RunGenerationInput {
  readonly operation: Operation;
  readonly userId: number;
  readonly plan: Plan;
  readonly updateId: number | null;
  /** What the text must be written in. */
  readonly language: Language;
  readonly prompt: Prompt;
  /** Stores the text; runs inside the transaction that settles, so that what was paid for is never lost. */
  readonly store: (tx: Transaction, answer: { readonly text: string; readonly requestId: string }) => Promise<void>;
}

export type GenerationResult =
  | { readonly status: 'answered'; readonly requestId: string; readonly text: string; readonly source: ReadingSource }
  /** A budget allows no call now. */
  | { readonly status: 'limited'; readonly refusal: BudgetRefusal }
  | { readonly status: 'failed'; readonly errorType: AiErrorType | 'ai_disabled' };
