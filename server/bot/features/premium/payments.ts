import { createPaymentBooker } from '#server/services/payments/create-payment-booker.ts';
import { recordRefund } from '#server/services/payments/record-refund.ts';
import type { BotContext } from '../../context.ts';
import { formatInstant } from './format-instant.ts';

/** Makes what books a payment, once, and thanks for it. An update that is handled anew thanks again and books nothing. */
export function createPaidHandler(): (ctx: BotContext) => Promise<void> {
  const book = createPaymentBooker();
  return (ctx) => bookPaid(ctx, book);
}

async function bookPaid(ctx: BotContext, book: ReturnType<typeof createPaymentBooker>): Promise<void> {
  const payment = ctx.message?.successful_payment;
  if (!payment) return;
  const { deps, user } = ctx;
  const { booked, isRefunded, premiumUntil } = await book(deps.db, {
    userId: user.id,
    chargeId: payment.telegram_payment_charge_id,
    stars: payment.total_amount,
    starValueUsd: deps.premium.starValueUsd,
    paidAt: dateOf(ctx),
    invoicePayload: payment.invoice_payload,
    processId: deps.generations.processId ?? null,
  });
  if (booked) deps.observers.onPaymentBooked(booked);
  if (isRefunded || premiumUntil === null) return;
  await ctx.reply(ctx.t('premium-thanks', { date: formatInstant(ctx, premiumUntil) }));
}

/** Takes back the premium of a payment that Telegram returned. */
export async function bookRefund(ctx: BotContext): Promise<void> {
  const refund = ctx.message?.refunded_payment;
  if (!refund) return;
  const { deps } = ctx;
  const refundedAt = dateOf(ctx);
  const result = await recordRefund(deps.db, { chargeId: refund.telegram_payment_charge_id, refundedAt });
  if (result.status === 'unknown') deps.logger.error({ userId: ctx.user.id }, 'a payment was refunded that is not on record');
  if (result.status !== 'refunded') return;
  const { premiumUntil } = result;
  const isOver = premiumUntil === null || premiumUntil <= deps.clock.now();
  await ctx.reply(isOver ? ctx.t('premium-refunded') : ctx.t('premium-refunded-partly', { date: formatInstant(ctx, premiumUntil) }));
}

/** When Telegram says it happened, in whole seconds. */
function dateOf(ctx: BotContext): Date {
  return new Date((ctx.message?.date ?? 0) * 1_000);
}
