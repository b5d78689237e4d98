import { InlineKeyboard } from 'grammy';
import { LANGUAGES, ZODIAC_SIGNS, type ZodiacSign } from '#server/contracts/vocabulary.ts';
import type { BotContext } from './context.ts';
import type { SignPurpose } from './dialog.ts';
import { remember } from './replies.ts';

const BUTTONS_PER_ROW = 3;

/** Asks for the zodiac sign: twelve buttons, or a birth date by a thirteenth or typed at once. */
export async function askSign(ctx: BotContext, purpose: SignPurpose, text: string): Promise<void> {
  const keyboard = new InlineKeyboard();
  for (const [index, sign] of ZODIAC_SIGNS.entries()) {
    if (index > 0 && index % BUTTONS_PER_ROW === 0) keyboard.row();
    keyboard.text(ctx.t(`sign-${sign}`), `sign:${sign}:${purpose}`);
  }
  keyboard.row().text(ctx.t('sign-by-date'), `sign_by_date:${purpose}`);
  await ctx.reply(text, { reply_markup: keyboard });
  await remember(ctx, {}, { step: 'sign', data: { purpose } });
}

/** The sign that a text names in either language, with or without its symbol; null for anything else. */
export function parseSign(ctx: BotContext, text: string): ZodiacSign | null {
  const typed = text.trim().toLowerCase();
  const names = (sign: ZodiacSign) => LANGUAGES.map((language) => ctx.deps.translations.t(language, `sign-${sign}`).toLowerCase());
  return ZODIAC_SIGNS.find((sign) => names(sign).some((name) => name === typed || name.split(' ')[1] === typed)) ?? null;
}
