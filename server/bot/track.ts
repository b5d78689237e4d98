import type { Update } from 'grammy/types';
import type { BotHandler, InteractionErrorType, Language, Operation, ReadingSource } from '#server/contracts/vocabulary.ts';

/** What the features tell of one update while they handle it; the worker makes an interaction of it. */
export interface UpdateTrack {
  handler: BotHandler;
  operation: Operation | null;
  /** Null while nothing failed. A failure that the user was told of stands here without an exception. */
  errorType: InteractionErrorType | null;
  /** A budget refused the reading, and the user was told so. */
  isLimited: boolean;
  /** Where the text of the reading came from; null where none was given. */
  readingSource: ReadingSource | null;
  userId: number | null;
  /** Where and in which language to apologise. */
  chatId: number | null;
  language: Language;
  /** Data of the button that does the same again, should this fail; null where there is nothing to repeat. */
  retryData: string | null;
  /** The deadline has passed: whatever still runs may not speak to the user any more. */
  isOver: boolean;
}

const tracks = new WeakMap<Update, UpdateTrack>();

/** The track of an update, made on the first call; it lives as long as the update's object. */
export function trackOf(update: Update): UpdateTrack {
  let track = tracks.get(update);
  if (!track) {
    track = {
      handler: 'other',
      operation: null,
      errorType: null,
      isLimited: false,
      readingSource: null,
      userId: null,
      chatId: null,
      language: 'en',
      retryData: null,
      isOver: false,
    };
    tracks.set(update, track);
  }
  return track;
}
