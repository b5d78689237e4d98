import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { payments, users } from '#db/schema/index.ts';
import { layOutPeriods } from './lay-out-periods.ts';

/** Takes the user's row until the transaction ends: payments and refunds of one user are booked one after the other. */
export async function lockUser(tx: Transaction, userId: number): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
}

/**
 * Makes the stored periods and the user's premium what the payments say that were not refunded. Needs `lockUser`. Returns
 * when premium ends; null for a user without such a payment, and for one who was deleted, and the premium with them.
 */
export async function settlePremium(tx: Transaction, userId: number): Promise<Date | null> {
  const paid = await tx
    .select({ id: payments.id, paidAt: payments.paidAt, periodEndsAt: payments.periodEndsAt })
    .from(payments)
    .where(and(eq(payments.userId, userId), isNull(payments.refundedAt)));
  const storedEnds = new Map(paid.map(({ id, periodEndsAt }) => [id, periodEndsAt.getTime()]));
  const periods = layOutPeriods(paid);
  for (const { id, endsAt } of periods) {
    if (storedEnds.get(id) !== endsAt.getTime()) await tx.update(payments).set({ periodEndsAt: endsAt }).where(eq(payments.id, id));
  }
  const premiumUntil = periods.at(-1)?.endsAt ?? null;
  const ends = sql`case when ${users.deletedAt} is null then ${premiumUntil?.toISOString() ?? null}::timestamptz end`;
  const [user] = await tx.update(users).set({ premiumUntil: ends }).where(eq(users.id, userId)).returning({ premiumUntil: users.premiumUntil });
  return user ? user.premiumUntil : premiumUntil;
}
