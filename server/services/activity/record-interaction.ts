import type { Executor } from '#db/client.ts';
import { interactions } from '#db/schema/index.ts';
import type { BotHandler, InteractionErrorType, Operation, Outcome, ReadingSource } from '#server/contracts/vocabulary.ts';

/** One handled update. */
export interface InteractionInput {
  readonly at: Date;
  readonly updateId: number | null;
  readonly userId: number;
  readonly handler: BotHandler;
  readonly operation: Operation | null;
  readonly outcome: Outcome;
  /** Null exactly when the outcome is `ok`. */
  readonly errorType: InteractionErrorType | null;
  /** Where the text of a reading came from; null where none was given. */
  readonly readingSource?: ReadingSource | null;
  readonly durationMs: number;
  readonly updateAgeMs: number;
}

/** Appends interactions that have no row in the inbox (a past that is laid down); live ones are written by `finishUpdates`. */
export async function recordInteractions(db: Executor, inputs: readonly InteractionInput[]): Promise<void> {
  if (inputs.length > 0) await db.insert(interactions).values([...inputs]);
}

/** `recordInteractions` for one. */
export async function recordInteraction(db: Executor, input: InteractionInput): Promise<void> {
  await recordInteractions(db, [input]);
}
