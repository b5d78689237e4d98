import { BotError, GrammyError, HttpError } from 'grammy';
import type { InteractionErrorType } from '#server/contracts/vocabulary.ts';
import { classifyDatabaseFailure } from '#server/services/inbox/database-failure.ts';

export interface Failure {
  readonly errorType: InteractionErrorType;
  /** Another attempt at the same update may succeed without anybody doing anything. */
  readonly isTransient: boolean;
}

/** What a thrown error means for an update: whose fault it is, and whether to try again. */
export function classifyFailure(thrown: unknown): Failure {
  const error = innerError(thrown);
  if (error instanceof HttpError) return { errorType: 'telegram_failed', isTransient: true };
  if (error instanceof GrammyError) return classifyRefusal(error);
  const database = classifyDatabaseFailure(error);
  if (database !== null) return { errorType: 'database_failed', isTransient: database === 'transient' };
  return { errorType: 'internal', isTransient: false };
}

/** How long Telegram asked us to wait before the next attempt; 0 when it did not. */
export function retryAfterMs(thrown: unknown): number {
  const error = innerError(thrown);
  return error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1_000 : 0;
}

/** Whether Telegram refused the markup of a message; the same text goes through without it. */
export function isMarkupRefusal(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 400 && error.description.includes("can't parse entities");
}

function classifyRefusal(error: GrammyError): Failure {
  const isGone = error.error_code === 403 || error.description.includes('chat not found');
  if (isGone) return { errorType: 'user_blocked', isTransient: false };
  const isTransient = error.error_code === 401 || error.error_code === 429 || error.error_code >= 500;
  return { errorType: 'telegram_failed', isTransient };
}

/** What a handler threw, without grammY's own words around it, which repeat it. */
export function innerError(thrown: unknown): unknown {
  return thrown instanceof BotError ? thrown.error : thrown;
}
