import { InlineKeyboard } from 'grammy';
import type { RefusingAction } from '#server/contracts/budgets.ts';
import type { BotHandler } from '#server/contracts/vocabulary.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import type { UserChanges } from '#server/services/users/types.ts';
import type { BotContext, Handler } from './context.ts';
import type { DialogState } from './dialog.ts';
import { formatDate } from './format-date.ts';

/** Data of the button that shows what premium is. */
export const PREMIUM_OFFER = 'premium:offer';

/** Names the feature that handles the update, and the button that would do the same again. */
export function asFeature(handler: BotHandler, retryData: string | null, handle: Handler): Handler {
  return async (ctx) => {
    ctx.track.handler = handler;
    ctx.track.retryData = retryData;
    await handle(ctx);
  };
}

/** Asks for an answer in free text; the placeholder shows its form. */
export async function askText(ctx: BotContext, text: string, placeholder: string): Promise<void> {
  await ctx.reply(text, { reply_markup: { force_reply: true, input_field_placeholder: placeholder } });
}

/**
 * Keeps what was learnt of the user and what the bot waits for next. Call it after the question went out: an update that
 * is handled anew then finds the dialog where it was.
 */
export async function remember(ctx: BotContext, changes: Omit<UserChanges, 'dialog'>, dialog: DialogState | null): Promise<void> {
  ctx.user = await updateUser(ctx.deps.db, ctx.user.id, { ...changes, dialog });
  ctx.dialog = dialog;
}

/** Ends an open dialog; costs nothing when there is none. */
export async function endDialog(ctx: BotContext): Promise<void> {
  if (ctx.user.dialog !== null) await remember(ctx, {}, null);
}

/** Says why there is no reading: an apology with a button that tries the same again, or a limit and the day on which it ends. */
export async function explainNoReading(ctx: BotContext, result: Exclude<GenerationResult, { status: 'answered' }>): Promise<void> {
  if (result.status === 'failed') return apologise(ctx, result.errorType);
  ctx.track.isLimited = true;
  const { action, resumesOn } = result.refusal;
  // The one limit that premium lifts.
  const offer = action === 'pause_free' ? { reply_markup: new InlineKeyboard().text(ctx.t('premium-button'), PREMIUM_OFFER) } : {};
  await ctx.reply(ctx.t(LIMIT_TEXTS[action], { date: formatDate(resumesOn, ctx.user.language) }), offer);
}

const LIMIT_TEXTS: Readonly<Record<RefusingAction, string>> = {
  cached_only: 'limit-cached-only',
  pause_free: 'limit-pause-free',
  stop: 'limit-stop',
};

async function apologise(ctx: BotContext, errorType: string): Promise<void> {
  const isDisabled = errorType === 'ai_disabled';
  ctx.track.errorType = isDisabled ? 'ai_disabled' : 'ai_failed';
  const { retryData } = ctx.track;
  const retry = retryData === null || isDisabled ? {} : { reply_markup: new InlineKeyboard().text(ctx.t('retry'), retryData) };
  await ctx.reply(ctx.t(isDisabled ? 'failure-ai-disabled' : 'failure-ai'), retry);
}
