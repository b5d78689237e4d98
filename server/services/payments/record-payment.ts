import type { Executor } from '#db/client.ts';
import { payments, type NewPayment } from '#db/schema/index.ts';

/** Appends a payment; false when this charge is on record already (Telegram repeats updates). */
export async function recordPayment(executor: Executor, payment: NewPayment): Promise<boolean> {
  const recorded = await executor
    .insert(payments)
    .values(payment)
    .onConflictDoNothing({ target: payments.telegramPaymentChargeId })
    .returning({ id: payments.id });
  return recorded.length === 1;
}
