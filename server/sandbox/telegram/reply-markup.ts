import { z } from 'zod';
import { badRequest } from './api-error.ts';

const CALLBACK_DATA_BYTES_MAX = 64;
const BUTTONS_MAX = 100;

const label = { text: z.string().min(1), style: z.enum(['danger', 'success', 'primary']).optional() };
const Button = z.union([
  z.object({ ...label, callback_data: z.string().min(1) }),
  z.object({ ...label, url: z.string().min(1) }),
  z.object({ ...label, copy_text: z.object({ text: z.string().min(1).max(256) }) }),
]);
const placeholder = { input_field_placeholder: z.string().min(1).max(64).optional() };
const ReplyButton = z.union([z.string().transform((text) => ({ text })), z.looseObject({ text: z.string().min(1) })]);

const Inline = z.object({ inline_keyboard: z.array(z.array(Button)) });
const ForceReply = z.object({ force_reply: z.literal(true), ...placeholder });
const Keyboard = z.object({ keyboard: z.array(z.array(ReplyButton)), ...placeholder });
const Remove = z.object({ remove_keyboard: z.literal(true) });

/** What may stand under a message: buttons in it, buttons instead of the keyboard, a request to answer, or their removal. */
export const ReplyMarkup = z.union([Inline, ForceReply, Keyboard, Remove]);
export type ReplyMarkup = z.infer<typeof ReplyMarkup>;
export type InlineKeyboard = z.infer<typeof Inline>;

/** Checks a `reply_markup` argument; an empty object or keyboard counts as none. Throws `ApiError` 400. */
export function parseReplyMarkup(value: unknown): ReplyMarkup | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'object') throw badRequest('object expected as reply markup');
  if (Object.keys(value).length === 0) return null;
  const parsed = ReplyMarkup.safeParse(value);
  if (!parsed.success) throw badRequest("can't parse reply keyboard markup JSON object");
  const markup = parsed.data;
  if (!('inline_keyboard' in markup)) return markup;
  const buttons = markup.inline_keyboard.flat();
  if (buttons.length > BUTTONS_MAX) throw badRequest('reply markup is too long');
  for (const button of buttons) {
    if ('callback_data' in button && Buffer.byteLength(button.callback_data) > CALLBACK_DATA_BYTES_MAX)
      throw badRequest('BUTTON_DATA_INVALID');
    if ('url' in button && !/^(?:https?|tg):\/\//iu.test(button.url))
      throw badRequest(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
  }
  return buttons.length === 0 ? null : markup;
}

/** The buttons in a message, or null. */
export function inlineKeyboardOf(markup: ReplyMarkup | null): InlineKeyboard | null {
  return markup && 'inline_keyboard' in markup ? markup : null;
}
