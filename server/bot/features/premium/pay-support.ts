import { findLastPayment } from '#server/services/payments/find-last-payment.ts';
import type { BotContext } from '../../context.ts';
import { formatInstant } from './format-instant.ts';

/** `/paysupport`: what is known of the user's last payment, and what to do when something is wrong with it. */
export async function explainPayments(ctx: BotContext): Promise<void> {
  const payment = await findLastPayment(ctx.deps.db, ctx.user.id);
  if (!payment) return void (await ctx.reply(ctx.t('premium-support-none')));
  const values = { stars: payment.stars, date: formatInstant(ctx, payment.paidAt), chargeId: payment.telegramPaymentChargeId };
  await ctx.reply(ctx.t(payment.refundedAt === null ? 'premium-support-paid' : 'premium-support-refunded', values));
}
