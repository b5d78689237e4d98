import { checkInvoice } from '#server/services/payments/check-invoice.ts';
import type { InvoiceRefusal } from '#server/services/payments/types.ts';
import type { BotContext } from '../../context.ts';

const REFUSAL_TEXTS: Readonly<Record<InvoiceRefusal, string>> = {
  unknown: 'premium-refusal-unknown',
  foreign: 'premium-refusal-foreign',
  amount: 'premium-refusal-amount',
  expired: 'premium-refusal-expired',
  paid: 'premium-refusal-paid',
};

/** Allows a payment or says why not. Telegram waits ten seconds for this: nothing slow may stand here. */
export async function checkOut(ctx: BotContext): Promise<void> {
  const query = ctx.preCheckoutQuery;
  if (!query) return;
  const { deps, user } = ctx;
  const { invoice_payload: payload, currency, total_amount: amount } = query;
  const refusal = await checkInvoice(deps.db, { payload, currency, amount, userId: user.id, at: deps.clock.now() });
  if (refusal === null) return void (await ctx.answerPreCheckoutQuery(true));
  deps.logger.info({ refusal }, 'payment refused before it was made');
  await ctx.answerPreCheckoutQuery(false, { error_message: ctx.t(REFUSAL_TEXTS[refusal]) });
}
