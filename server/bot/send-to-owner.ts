import { Api } from 'grammy';
import { botClientOptions, observeRequests } from './telegram-api.ts';
import type { BotObservers, TelegramOptions } from './deps.ts';

/**
 * Makes the function that writes to the owner's chat. It tries once and rejects when that fails: who calls it asks again
 * at its own pace.
 */
export function createOwnerSender(telegram: TelegramOptions, chatId: number, onRequest: BotObservers['onTelegramRequest']): (text: string) => Promise<void> {
  const api = new Api(telegram.token, botClientOptions(telegram));
  api.config.use(observeRequests(onRequest));
  return async (text) => void (await api.sendMessage(chatId, text, { link_preview_options: { is_disabled: true } }));
}
