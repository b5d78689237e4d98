import { isDeepStrictEqual } from 'node:util';
import type { Message } from 'grammy/types';
import { z } from 'zod';
import { ApiError, badRequest } from './api-error.ts';
import type { StoredChat, StoredMessage } from './chat-store.ts';
import { findEntities } from './find-entities.ts';
import { Entity, sortEntities, trimFormatted, type FormattedText } from './formatted-text.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { BooleanArgument, IntegerArgument, jsonArgument, parseArguments, type Arguments } from './read-arguments.ts';
import { inlineKeyboardOf, parseReplyMarkup, type InlineKeyboard } from './reply-markup.ts';
import { toMessage, type World } from './world.ts';

const TEXT_LENGTH_MAX = 4096;
const CHAT_ACTIONS = [
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
];

const Formatted = {
  text: z.string().optional(),
  parse_mode: z.string().optional(),
  entities: jsonArgument(z.array(Entity).optional()).optional(),
};
const Markup = { reply_markup: jsonArgument(z.unknown()).optional() };
const ReplyParameters = z.object({ message_id: IntegerArgument, allow_sending_without_reply: BooleanArgument.optional() });
const SendMessageArguments = z.object({
  chat_id: z.unknown(),
  ...Formatted,
  ...Markup,
  reply_parameters: jsonArgument(ReplyParameters.optional()).optional(),
});
const EditTextArguments = z.object({ chat_id: z.unknown(), message_id: IntegerArgument.optional(), ...Formatted, ...Markup });
const EditMarkupArguments = z.object({ chat_id: z.unknown(), message_id: IntegerArgument.optional(), ...Markup });
const DraftArguments = z.object({ chat_id: z.unknown(), draft_id: IntegerArgument, ...Formatted });

export function sendMessage(world: World, values: Arguments): Message {
  const call = parseArguments(SendMessageArguments.partial({ chat_id: true }), values);
  const formatted = readText(call);
  const chat = getWritableChat(world, call.chat_id);
  const replyMarkup = parseReplyMarkup(call.reply_markup);
  const reply = call.reply_parameters;
  const isReplyKnown = reply !== undefined && world.chats.findMessage(chat.id, reply.message_id) !== null;
  if (reply && !isReplyKnown && !reply.allow_sending_without_reply) throw badRequest('message to be replied not found');
  const stored = world.chats.add(chat, {
    from: 'bot',
    ...formatted,
    replyMarkup,
    replyToMessageId: isReplyKnown ? reply.message_id : null,
  });
  return toMessage(world, chat, stored);
}

export function editMessageText(world: World, values: Arguments): Message {
  const call = parseArguments(EditTextArguments.partial({ chat_id: true }), values);
  const formatted = readText(call);
  const chat = getWritableChat(world, call.chat_id);
  const stored = getEditable(world, chat, call.message_id);
  const replyMarkup = parseInlineKeyboard(call.reply_markup);
  refuseUnchanged(stored, { ...stored, ...formatted, replyMarkup });
  world.chats.edit(stored, { ...formatted, replyMarkup });
  return toMessage(world, chat, stored);
}

export function editMessageReplyMarkup(world: World, values: Arguments): Message {
  const call = parseArguments(EditMarkupArguments.partial({ chat_id: true }), values);
  const chat = getWritableChat(world, call.chat_id);
  const stored = getEditable(world, chat, call.message_id);
  const replyMarkup = parseInlineKeyboard(call.reply_markup);
  refuseUnchanged(stored, { ...stored, replyMarkup });
  world.chats.edit(stored, { replyMarkup });
  return toMessage(world, chat, stored);
}

export function sendChatAction(world: World, values: Arguments): true {
  const chat = getWritableChat(world, values['chat_id']);
  const action = values['action'];
  if (typeof action !== 'string' || !CHAT_ACTIONS.includes(action)) throw badRequest('wrong parameter action in request');
  world.chats.setTyping(chat.id);
  return true;
}

export function sendMessageDraft(world: World, values: Arguments): true {
  const call = parseArguments(DraftArguments.partial({ chat_id: true }), values);
  const chat = getWritableChat(world, call.chat_id);
  if (call.draft_id === 0) throw badRequest('RANDOM_ID_INVALID');
  world.chats.setDraft(chat.id, readText(call, { isEmptyAllowed: true }).text);
  return true;
}

/** The text of a call without its markup, checked against Telegram's limits. */
function readText(call: z.infer<z.ZodObject<typeof Formatted>>, { isEmptyAllowed = false } = {}): FormattedText {
  const formatted = trimFormatted(parseText(call.text ?? '', call.parse_mode ?? '', call.entities));
  if (formatted.text === '' && !isEmptyAllowed) throw badRequest('message text is empty');
  if (formatted.text.length > TEXT_LENGTH_MAX) throw badRequest('message is too long');
  return { text: formatted.text, entities: sortEntities([...formatted.entities, ...findAutomatic(formatted)]) };
}

function parseText(text: string, parseMode: string, entities: FormattedText['entities'] | undefined): FormattedText {
  switch (parseMode.toLowerCase()) {
    case '':
      return { text, entities: entities ?? [] };
    case 'html':
      return parseHtml(text);
    case 'markdownv2':
      return parseMarkdown(text);
    default:
      // The legacy "Markdown" mode is left out on purpose: nothing new should be written in it.
      throw badRequest('unsupported parse_mode');
  }
}

/** Links, commands and the like are marked in the bot's own messages too, outside of what is already marked. */
function findAutomatic({ text, entities }: FormattedText): FormattedText['entities'] {
  return findEntities(text).filter(
    (found) => !entities.some((entity) => found.offset < entity.offset + entity.length && entity.offset < found.offset + found.length),
  );
}

/** Throws `ApiError` 400 for a chat that never wrote to the bot, 403 for one whose person blocked it. */
export function getWritableChat(world: World, chatId: unknown): StoredChat {
  if (chatId === undefined || chatId === '') throw badRequest('chat_id is empty');
  const parsed = IntegerArgument.safeParse(chatId);
  const chat = parsed.success ? world.chats.find(parsed.data) : null;
  if (!chat) throw badRequest('chat not found');
  if (chat.isBlocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

/** A bot may edit its own messages only, and not those with a reply keyboard or a forced reply. */
function getEditable(world: World, chat: StoredChat, messageId: number | undefined): StoredMessage {
  if (messageId === undefined) throw badRequest('message identifier is not specified');
  const stored = world.chats.findMessage(chat.id, messageId);
  if (!stored) throw badRequest('message to edit not found');
  const isKeyboard = stored.replyMarkup !== null && !('inline_keyboard' in stored.replyMarkup);
  if (stored.from !== 'bot' || isKeyboard) throw badRequest("message can't be edited");
  return stored;
}

/** An edit may set buttons in the message, nothing else. */
function parseInlineKeyboard(value: unknown): InlineKeyboard | null {
  const markup = parseReplyMarkup(value);
  const keyboard = inlineKeyboardOf(markup);
  if (markup && !keyboard) throw badRequest('inline keyboard expected');
  return keyboard;
}

function refuseUnchanged(before: StoredMessage, after: StoredMessage): void {
  if (!isDeepStrictEqual(before, after)) return;
  throw badRequest(
    'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  );
}
