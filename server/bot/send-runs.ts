import type { InlineKeyboard } from 'grammy';
import type { BotContext } from './context.ts';
import { isMarkupRefusal } from './failure.ts';
import { plainText, renderHtml, type TextRun } from './text/runs.ts';
import { splitMessage } from './text/split-message.ts';

/** Sends a formatted text in as many messages as it needs, the buttons under the last. Without markup where Telegram refuses it. */
export async function sendRuns(ctx: BotContext, runs: readonly TextRun[], keyboard?: InlineKeyboard): Promise<void> {
  const messages = splitMessage(runs);
  for (const [index, message] of messages.entries()) {
    const isLast = index === messages.length - 1;
    await sendOne(ctx, message, isLast && keyboard ? { reply_markup: keyboard } : {});
  }
}

async function sendOne(ctx: BotContext, runs: readonly TextRun[], markup: { reply_markup?: InlineKeyboard }): Promise<void> {
  const options = { ...markup, link_preview_options: { is_disabled: true } };
  try {
    await ctx.reply(renderHtml(runs), { ...options, parse_mode: 'HTML' });
  } catch (error) {
    if (!isMarkupRefusal(error)) throw error;
    ctx.deps.logger.warn('Telegram refused the markup of a reading; sent as plain text');
    await ctx.reply(plainText(runs), options);
  }
}
