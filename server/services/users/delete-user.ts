import { randomInt } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { invoices, natalCharts, tarotSpreads, users } from '#db/schema/index.ts';
import { emptyUpdates } from '../inbox/empty-updates.ts';

export interface DeleteUserInput {
  readonly userId: number;
  readonly at: Date;
  /** The update that asks for it; it is still to be ended. Null where none does. */
  readonly updateId: number | null;
}

/** Telegram's own ids have at most 52 bits and are positive; these are negative. */
const PSEUDONYM_MAX = 2 ** 48 - 1;

/**
 * Deletes all that leads to a person, in one transaction. The row stays under its own id as somebody without a name, so that
 * the ledger, the payments and every total that counts by it stay what they were. False when there is nobody of that id (any more).
 */
export async function deleteUser(db: Database, { userId, at, updateId }: DeleteUserInput): Promise<boolean> {
  return db.transaction(async (tx) => {
    const isAlive = and(eq(users.id, userId), isNull(users.deletedAt));
    // Whoever writes of this person holds the row: they end first, or find the person gone.
    const [user] = await tx.select({ telegramUserId: users.telegramUserId }).from(users).where(isAlive).for('update');
    if (!user) return false;
    await forgetPerson(tx, userId, at);
    await tx.delete(tarotSpreads).where(eq(tarotSpreads.userId, userId));
    await tx.delete(natalCharts).where(eq(natalCharts.userId, userId));
    await tx.delete(invoices).where(and(eq(invoices.userId, userId), isNull(invoices.paidAt)));
    await emptyUpdates(tx, { telegramUserId: user.telegramUserId, at, running: updateId === null ? null : { updateId, userId } });
    return true;
  });
}

async function forgetPerson(tx: Transaction, userId: number, at: Date): Promise<void> {
  await tx
    .update(users)
    .set({
      // By chance: nothing leads from it back to Telegram's id.
      telegramUserId: -randomInt(1, PSEUDONYM_MAX),
      zodiacSign: null,
      birthDate: null,
      birthTime: null,
      isBirthTimeUnknown: false,
      birthPlace: null,
      birthLatitude: null,
      birthLongitude: null,
      birthTimeZone: null,
      timeZone: null,
      notificationHour: null,
      premiumUntil: null,
      dialog: null,
      lastActiveAt: sql`greatest(${users.lastActiveAt}, ${at.toISOString()}::timestamptz)`,
      deletedAt: at,
    })
    .where(eq(users.id, userId));
}
