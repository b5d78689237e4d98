import { AppError } from '#server/errors.ts';
import type { StoredChat, StoredMessage } from './chat-store.ts';
import type { ChangeMemberInput, ControlChat, ControlMessage, PressButtonInput, SendMessageInput } from './control-schemas.ts';
import { findEntities } from './find-entities.ts';
import { viewCheckout } from './view-checkout.ts';
import { renderHtml } from './render-html.ts';
import { inlineKeyboardOf } from './reply-markup.ts';
import { toMessage, toUser, type World } from './world.ts';

/** A person writes to the bot; a message that asks for an answer is answered as a client does, with a reply. Throws `AppError` `conflict` when the person blocked the bot. */
export function writeMessage(world: World, { chatId, from, text }: SendMessageInput): { updateId: number; messageId: number } {
  const chat = openUnblocked(world, chatId, from);
  const last = chat.messages.at(-1);
  const replyToMessageId = last && isForceReply(last) ? last.messageId : null;
  const stored = world.chats.add(chat, { from: 'user', text, entities: findEntities(text), replyMarkup: null, replyToMessageId });
  return { updateId: world.updates.push({ message: toMessage(world, chat, stored) }), messageId: stored.messageId };
}

/** A person presses a button. Throws `AppError` `not_found` when the bot sent no such message. */
export function pressButton(world: World, { chatId, from, messageId, data }: PressButtonInput): { updateId: number } {
  const chat = openUnblocked(world, chatId, from);
  const stored = world.chats.findMessage(chatId, messageId);
  if (stored?.from !== 'bot') throw new AppError('not_found', 'There is no such message of the bot.');
  const query = {
    id: world.callbacks.create(),
    from: toUser(chat.person),
    message: toMessage(world, chat, stored),
    chat_instance: chatInstanceOf(chatId),
    data,
  };
  return { updateId: world.updates.push({ callback_query: query }) };
}

/** A person blocks the bot or lets it write again. */
export function changeMember(world: World, { chatId, from, isBlocked }: ChangeMemberInput): { updateId: number } {
  const chat = world.chats.open(chatId, from);
  const member = (isOut: boolean) =>
    isOut ? { status: 'kicked' as const, user: world.bot, until_date: 0 } : { status: 'member' as const, user: world.bot };
  const change = {
    chat: { id: chat.id, type: 'private' as const, first_name: chat.person.firstName },
    from: toUser(chat.person),
    date: Math.floor(Date.now() / 1000),
    old_chat_member: member(chat.isBlocked),
    new_chat_member: member(isBlocked),
  };
  chat.isBlocked = isBlocked;
  return { updateId: world.updates.push({ my_chat_member: change }) };
}

/** What a person sees of a chat that changed after a sequence; nothing for a chat that was never opened. */
export function viewChat(world: World, chatId: number, after: number): ControlChat {
  const chat = world.chats.find(chatId);
  return {
    sequence: world.chats.sequence,
    isTyping: world.chats.isTyping(chatId),
    isBlocked: chat?.isBlocked ?? false,
    draft: world.chats.draftOf(chatId),
    messages: (chat?.messages ?? []).filter((message) => message.sequence > after).map((message) => viewMessage(message, world)),
  };
}

/** The chat of a person who acts. Throws `AppError` `conflict` when they have blocked the bot. */
export function openUnblocked(world: World, chatId: number, from: SendMessageInput['from']): StoredChat {
  if (world.chats.find(chatId)?.isBlocked) throw new AppError('conflict', 'This person has blocked the bot.');
  return world.chats.open(chatId, from);
}

function isForceReply(message: StoredMessage): boolean {
  return message.replyMarkup !== null && 'force_reply' in message.replyMarkup;
}

/** The same for a chat at all times, as the real one is. */
function chatInstanceOf(chatId: number): string {
  return String(BigInt(chatId) * 1_000_003n);
}

function viewMessage(message: StoredMessage, world: World): ControlMessage {
  const { replyMarkup: markup, invoice, payment } = message;
  const rows = inlineKeyboardOf(markup)?.inline_keyboard ?? [];
  return {
    messageId: message.messageId,
    from: message.from,
    text: message.text,
    html: message.from === 'bot' ? renderHtml(message) : null,
    sentAt: new Date(message.sentAtMs).toISOString(),
    editedAt: message.editedAtMs === null ? null : new Date(message.editedAtMs).toISOString(),
    buttons: rows.map((row) =>
      row.flatMap((button) => ('callback_data' in button ? [{ text: button.text, callbackData: button.callback_data }] : [])),
    ),
    replyToMessageId: message.replyToMessageId,
    isForceReply: isForceReply(message),
    placeholder: markup && 'input_field_placeholder' in markup ? markup.input_field_placeholder ?? null : null,
    sequence: message.sequence,
    ...(invoice && { invoice: { title: invoice.title, description: invoice.description, stars: invoice.totalAmount, ...viewCheckout(world, message) } }),
    ...(payment && { payment: { kind: payment.kind, stars: payment.totalAmount, chargeId: payment.chargeId } }),
  };
}
