import type { BotHandler, InteractionErrorType, Operation, Outcome, ReadingSource } from '#server/contracts/vocabulary.ts';

/** An update as Telegram sent it; the bot knows its full shape. */
export interface StoredUpdate {
  readonly update_id: number;
}

/** An update that this worker holds until its lease ends. */
export interface ClaimedUpdate {
  readonly updateId: number;
  readonly chatId: number;
  readonly payload: StoredUpdate;
  /** Number of this claim, from 1; the fencing token of finish, renew and reschedule. */
  readonly attempts: number;
  readonly receivedAt: Date;
}

/** Which claim of which update. */
export type ClaimKey = Pick<ClaimedUpdate, 'updateId' | 'attempts'>;

/** The end of an update. Without a user (a group, a channel) no interaction is recorded. */
export interface FinishedUpdate extends ClaimKey {
  readonly at: Date;
  readonly userId: number | null;
  readonly handler: BotHandler;
  readonly operation: Operation | null;
  readonly outcome: Outcome;
  readonly errorType: InteractionErrorType | null;
  /** Where the text of a reading came from; null where none was given. */
  readonly readingSource?: ReadingSource | null;
  readonly durationMs: number;
  readonly updateAgeMs: number;
  /** It was told before, and whether that was heard is not known: an end that is on record is then its own. */
  readonly isRepeated?: boolean;
}
