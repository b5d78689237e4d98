import { eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { users } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';

/**
 * Holds a user's deletion off until the transaction ends, so that what is written of a person is there before it and goes with it.
 * Throws `not_found` when it came first.
 */
export async function holdUser(tx: Transaction, userId: number): Promise<void> {
  const [user] = await tx.select({ deletedAt: users.deletedAt }).from(users).where(eq(users.id, userId)).for('key share');
  if (user?.deletedAt) throw new AppError('not_found', 'This user does not exist.');
}
