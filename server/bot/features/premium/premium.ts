import { Composer } from 'grammy';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { invoiceIdOf } from '#server/services/payments/invoice-id.ts';
import { PREMIUM_DAYS } from '#server/services/payments/types.ts';
import { planOf } from '#server/services/users/types.ts';
import type { BotContext } from '../../context.ts';
import { asFeature, PREMIUM_OFFER } from '../../replies.ts';
import { QUESTION_CHARS_MAX } from '../tarot/question-limit.ts';
import { checkOut } from './check-out.ts';
import { formatInstant } from './format-instant.ts';
import { bookRefund, createPaidHandler } from './payments.ts';
import { explainPayments } from './pay-support.ts';

/** Where a forwarded copy of an invoice leads: to the bot, not to a payment for somebody else's. */
const START_PARAMETER = 'premium';
const STARS = 'XTR';

/** `/premium`: what it is, an invoice for a month of it, and what comes of paying. */
export function premiumFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('premium', offer);
  feature.callbackQuery(PREMIUM_OFFER, offer);
  feature.command('paysupport', asFeature('premium', null, explainPayments));
  feature.command('terms', asFeature('premium', null, async (ctx) => void (await ctx.reply(ctx.t('premium-terms', { days: PREMIUM_DAYS })))));
  feature.on('message:successful_payment', asFeature('premium', null, createPaidHandler()));
  feature.on('message:refunded_payment', asFeature('premium', null, bookRefund));
  return feature;
}

/** Telegram asks whether an invoice may be paid; it belongs to no chat. */
export function checkoutFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('pre_checkout_query', asFeature('premium', null, checkOut));
  return feature;
}

const offer = asFeature('premium', PREMIUM_OFFER, async (ctx) => {
  const { deps, user } = ctx;
  const stars = deps.premium.monthStars;
  const now = deps.clock.now();
  await ctx.reply(describePremium(ctx, now));
  const id = invoiceIdOf({ userId: user.id, updateId: ctx.update.update_id });
  await createInvoice(deps.db, { id, userId: user.id, stars, sentAt: now });
  const title = ctx.t('premium-invoice-title', { days: PREMIUM_DAYS });
  const price = [{ label: title, amount: stars }];
  await ctx.replyWithInvoice(title, ctx.t('premium-invoice-description', { days: PREMIUM_DAYS }), id, STARS, price, { start_parameter: START_PARAMETER });
});

function describePremium(ctx: BotContext, now: Date): string {
  const { premium } = ctx.deps;
  const limits = { questionChars: QUESTION_CHARS_MAX.premium, freeQuestionChars: QUESTION_CHARS_MAX.free };
  const offered = ctx.t('premium-offer', { days: PREMIUM_DAYS, stars: premium.monthStars, ...limits });
  const { premiumUntil } = ctx.user;
  if (premiumUntil === null || planOf(ctx.user, now) === 'free') return offered;
  return `${ctx.t('premium-active', { date: formatInstant(ctx, premiumUntil) })}\n\n${offered}`;
}
