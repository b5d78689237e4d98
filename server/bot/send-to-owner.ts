import { Api, GrammyError } from 'grammy';
import { apiSignal, botClientOptions, observeRequests } from './telegram-api.ts';
import type { BotObservers, TelegramOptions } from './deps.ts';

/** Writes to the owner's chat once; rejects when that may not have worked. */
export type OwnerSender = (text: string, signal?: AbortSignal) => Promise<void>;

/**
 * Makes the function that writes to the owner's chat. It tries once and rejects when that fails: who calls it asks again
 * at its own pace.
 */
export function createOwnerSender(telegram: TelegramOptions, chatId: number, onRequest: BotObservers['onTelegramRequest']): OwnerSender {
  const api = new Api(telegram.token, botClientOptions(telegram));
  api.config.use(observeRequests(onRequest));
  return async (text, signal) => void (await api.sendMessage(chatId, text, { link_preview_options: { is_disabled: true } }, signal && apiSignal(signal)));
}

/** Why a message did not get through: what Telegram answered and for how long it asked to wait; null when it did not answer. */
export function refusalOf(error: unknown): { readonly status: number; readonly retryAfterMs: number | null } | null {
  if (!(error instanceof GrammyError)) return null;
  const seconds = error.parameters.retry_after;
  return { status: error.error_code, retryAfterMs: seconds === undefined ? null : seconds * 1_000 };
}
