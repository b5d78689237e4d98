import type { Database } from '#db/client.ts';
import { bookPayment } from '#server/services/payments/book-payment.ts';
import { checkInvoice } from '#server/services/payments/check-invoice.ts';
import { createInvoice } from '#server/services/payments/create-invoice.ts';
import { invoiceIdOf } from '#server/services/payments/invoice-id.ts';
import type { PremiumPrice } from '#server/services/payments/types.ts';

interface Purchase {
  readonly userId: number;
  readonly at: Date;
  readonly price: PremiumPrice;
}

/** A month of premium bought in the past, from the invoice to the payment. */
export async function buyPremium(db: Database, { userId, at, price: { monthStars: stars, starValueUsd } }: Purchase): Promise<void> {
  const payload = invoiceIdOf({ userId, updateId: at.getTime() });
  await createInvoice(db, { id: payload, userId, stars, sentAt: at });
  await checkInvoice(db, { payload, userId, currency: 'XTR', amount: stars, at });
  const chargeId = `sandbox-${userId}-${at.getTime()}`;
  await bookPayment(db, { userId, chargeId, stars, starValueUsd, paidAt: at, invoicePayload: payload, processId: null });
}
