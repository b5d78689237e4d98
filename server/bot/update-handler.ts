import { InlineKeyboard, type Bot } from 'grammy';
import type { Update } from 'grammy/types';
import type { BotHandler, InteractionErrorType, Operation, ReadingSource } from '#server/contracts/vocabulary.ts';
import { describeError } from '#server/errors.ts';
import { markUserBlocked } from '#server/services/users/record-block.ts';
import { languageOf, upsertUser } from '#server/services/users/upsert-users.ts';
import type { BotContext } from './context.ts';
import type { BotDeps } from './deps.ts';
import { classifyFailure, innerError, retryAfterMs, type Failure } from './failure.ts';
import { apiSignal } from './telegram-api.ts';
import { trackOf, type UpdateTrack } from './track.ts';
import { createTranslations } from './translations.ts';

/** What became of one attempt at an update. */
export interface HandledUpdate {
  readonly userId: number | null;
  readonly handler: BotHandler;
  readonly operation: Operation | null;
  /** Null when all went well. */
  readonly errorType: InteractionErrorType | null;
  /** A budget refused the reading, and the user was told so. */
  readonly isLimited: boolean;
  readonly readingSource: ReadingSource | null;
  /** The failure was nobody's fault here: try the update again later, the user was told nothing. */
  readonly shouldRetry: boolean;
  /** Telegram wants us to wait so long before that; 0 when it did not say. */
  readonly retryAfterMs: number;
}

export interface UpdateHandler {
  /** Learns who the bot is; must have resolved before `handle`. Rejects when Telegram refuses the token. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Handles an update within the deadline. Never rejects: what goes wrong is told to the user and stands in the result. */
  handle(update: Update, attempt: { readonly isLast: boolean }): Promise<HandledUpdate>;
  /** Ends an update that is not to be tried again: tells the user. Never rejects. */
  giveUp(update: Update): Promise<HandledUpdate>;
}

class DeadlineError extends Error {}

const GIVEN_UP: Failure = { errorType: 'internal', isTransient: false };

/** Runs updates through the bot and turns whatever happens into one typed result. */
export function createUpdateHandler(bot: Bot<BotContext>, deps: BotDeps, deadlineMs: number): UpdateHandler {
  const translations = createTranslations(deps.logger);

  async function tell(update: Update, failure: Failure): Promise<void> {
    const track = trackOf(update);
    if (failure.errorType === 'user_blocked') {
      if (track.userId !== null) await markUserBlocked(deps.db, track.userId, deps.clock.now());
      return;
    }
    const chatId = track.chatId ?? chatIdOf(update);
    if (chatId === null || track.handler === 'chat_member') return;
    const { language, retryData } = track;
    const retry = retryData === null ? {} : { reply_markup: new InlineKeyboard().text(translations.t(language, 'retry'), retryData) };
    await bot.api.sendMessage(chatId, translations.t(language, 'failure-internal'), retry);
  }

  async function fail(update: Update, failure: Failure): Promise<HandledUpdate> {
    await tell(update, failure).catch((error: unknown) => {
      deps.logger.warn({ updateId: update.update_id, cause: describeError(error) }, 'user could not be told of a failure');
    });
    return resultOf(trackOf(update), failure.errorType);
  }

  async function giveUp(update: Update): Promise<HandledUpdate> {
    await identify(update, deps).catch((error: unknown) => {
      deps.logger.warn({ updateId: update.update_id, cause: describeError(error) }, 'user of an update was not found');
    });
    return fail(update, GIVEN_UP);
  }

  async function handle(update: Update, attempt: { readonly isLast: boolean }): Promise<HandledUpdate> {
    const track = trackOf(update);
    try {
      await withDeadline(bot.handleUpdate(update), deadlineMs);
      return resultOf(track, track.errorType);
    } catch (error) {
      track.isOver = true;
      const failure = classifyFailure(error);
      const cause = describeError(innerError(error));
      deps.logger.error({ updateId: update.update_id, handler: track.handler, errorType: failure.errorType, cause }, 'update failed');
      if (failure.isTransient && !attempt.isLast) return { ...resultOf(track, failure.errorType), shouldRetry: true, retryAfterMs: retryAfterMs(error) };
      return fail(update, failure);
    }
  }

  return {
    prepare: (signal) => bot.init(apiSignal(signal)),
    handle,
    giveUp,
  };
}

function resultOf(track: UpdateTrack, errorType: InteractionErrorType | null): HandledUpdate {
  const { userId, handler, operation, isLimited, readingSource } = track;
  return { userId, handler, operation, errorType, isLimited, readingSource, shouldRetry: false, retryAfterMs: 0 };
}

/** Who an update is from, where nothing had found that out: its end is told in their language, and counted. */
async function identify(update: Update, { db, clock }: BotDeps): Promise<void> {
  const from = update.message?.from ?? update.callback_query?.from;
  if (!from || chatIdOf(update) === null) return;
  const track = trackOf(update);
  const languageCode = from.language_code ?? null;
  track.language = languageOf(languageCode);
  const user = await upsertUser(db, { telegramUserId: from.id, languageCode, source: null, at: clock.now() });
  track.userId = user.id;
  track.language = user.language;
}

/** The private chat of an update that never reached the bot's own code. */
function chatIdOf(update: Update): number | null {
  const chat = update.message?.chat ?? update.callback_query?.message?.chat;
  return chat?.type === 'private' ? chat.id : null;
}

async function withDeadline(work: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`not handled within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    // Should it end in an error after the deadline, nobody waits for it any more.
    work.catch(() => undefined);
  }
}
