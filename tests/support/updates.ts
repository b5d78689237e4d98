import type { Update } from 'grammy/types';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { Person } from '#server/sandbox/telegram/control-schemas.ts';
import { waitFor, type BotRig } from './bot.ts';

/** A message of a person as Telegram sends it, and what it has beside: a photo, a caption, entities. */
export function messageFrom(updateId: number, person: Person, content: object, chat: object = privateChat(person)) {
  return { update_id: updateId, message: { message_id: updateId, date: nowSeconds(), chat, from: senderOf(person), ...content } };
}

/** A pressed button, with the message it hung under unless said otherwise. */
export function pressOf(updateId: number, person: Person, content: object) {
  const message = { message_id: 1, date: 0, chat: privateChat(person) };
  return { update_id: updateId, callback_query: { id: String(updateId), from: senderOf(person), chat_instance: '1', message, ...content } };
}

/** The person as the sender of a message. */
export function senderOf({ id, firstName, languageCode }: Person) {
  return { id, is_bot: false, first_name: firstName, language_code: languageCode };
}

/** The person's chat with the bot. */
export function privateChat({ id, firstName }: Person) {
  return { id, type: 'private', first_name: firstName };
}

/** A text and the command that it begins with. */
export function commandText(text: string) {
  return { text, entities: [{ type: 'bot_command', offset: 0, length: text.split(/\s/)[0]?.length ?? 0 }] };
}

export const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** Puts updates into the inbox as intake does, and waits until each has ended. */
export async function handleUpdates(rig: BotRig, ...updates: readonly Pick<Update, 'update_id'>[]): Promise<void> {
  await storeUpdates(rig.generations.db, updates, new Date());
  rig.runtime.worker.notify();
  await allEnded(rig);
}

/** Waits until nothing is left to do. */
export async function allEnded(rig: BotRig): Promise<void> {
  await waitFor('the end of all updates', async () => {
    const rows = await rig.database.handle.sql`select 1 from inbox where status = 'pending'`;
    return rows.length === 0 ? true : null;
  });
}

/** Every update with its end and the attempts that it took. */
export async function endsOf(rig: BotRig): Promise<string[]> {
  const rows = await rig.database.handle.sql`select update_id, status, attempts from inbox order by update_id`;
  return rows.map((row) => `${Number(row['update_id'])} ${String(row['status'])} ${String(row['attempts'])}`);
}

/** What the bot sent, in its order: the payloads of its calls that Telegram accepted. */
export async function sentBy(rig: BotRig, chatId?: number) {
  const entries = await rig.telegram.control.journal(chatId);
  return entries.filter(({ method, ok }) => method === 'sendMessage' && ok).map(({ payload }) => payload);
}
