import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { payments } from '#db/schema/index.ts';
import { lockUser, settlePremium } from './settle-premium.ts';

export type RefundResult =
  | { readonly status: 'refunded'; readonly premiumUntil: Date | null }
  /** `known`: it was on record already, and nothing changed. `unknown`: there is no such charge. */
  | { readonly status: 'known' | 'unknown' };

/** Marks a payment as refunded, once, and takes its period back; later periods move up. */
export async function recordRefund(db: Database, { chargeId, refundedAt }: { readonly chargeId: string; readonly refundedAt: Date }): Promise<RefundResult> {
  const ofCharge = eq(payments.telegramPaymentChargeId, chargeId);
  return db.transaction(async (tx): Promise<RefundResult> => {
    const [owner] = await tx.select({ userId: payments.userId }).from(payments).where(ofCharge);
    if (!owner) return { status: 'unknown' };
    await lockUser(tx, owner.userId);
    // Read under the lock: another report of the same refund may have been first.
    const [payment] = await tx.select({ refundedAt: payments.refundedAt }).from(payments).where(ofCharge);
    if (payment?.refundedAt !== null) return { status: 'known' };
    await tx.update(payments).set({ refundedAt }).where(ofCharge);
    return { status: 'refunded', premiumUntil: await settlePremium(tx, owner.userId) };
  });
}
