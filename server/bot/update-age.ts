import type { Update } from 'grammy/types';

/** What the user has waited: from Telegram's date of the update (whole seconds), or where it has none from its receipt, to `at`. */
export function updateAgeMs(update: Update, receivedAt: Date, at: Date): number {
  const dateSeconds = update.message?.date ?? update.my_chat_member?.date;
  const since = dateSeconds === undefined ? receivedAt.getTime() : dateSeconds * 1_000;
  return Math.min(Math.max(0, at.getTime() - since), 2 ** 31 - 1);
}
