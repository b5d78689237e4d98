import { eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { users } from '#db/schema/index.ts';
import { recordPayment } from './record-payment.ts';

/** A month of premium in Telegram Stars, and what Telegram pays out for one Star. */
const MONTH_STARS = 250;
const MONTH_VALUE_USD = '3.25';
const MONTH_MS = 30 * 86_400_000;

interface RecordPremiumInput {
  readonly userId: number;
  /** Telegram's id of the charge. */
  readonly chargeId: string;
  readonly paidAt: Date;
}

/** Books a paid month and gives it to the user; a charge that is on record already changes nothing. */
export async function recordPremium(db: Database, { userId, chargeId, paidAt }: RecordPremiumInput): Promise<void> {
  const periodEndsAt = new Date(paidAt.getTime() + MONTH_MS);
  await db.transaction(async (tx) => {
    const isNew = await recordPayment(tx, {
      telegramPaymentChargeId: chargeId, userId, plan: 'premium', stars: MONTH_STARS, valueUsd: MONTH_VALUE_USD, paidAt, periodEndsAt,
    });
    if (!isNew) return;
    const premiumUntil = sql`greatest(${users.premiumUntil}, ${periodEndsAt.toISOString()}::timestamptz)`;
    await tx.update(users).set({ premiumUntil }).where(eq(users.id, userId));
  });
}
