import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';
import type { UserChanges } from './types.ts';

/** Changes what is known of a user; throws `not_found` for an unknown id and for who was deleted: nothing is learnt of them any more. */
export async function updateUser(db: Executor, userId: number, changes: UserChanges): Promise<User> {
  const [user] = await db.update(users).set(changes).where(and(eq(users.id, userId), isNull(users.deletedAt))).returning();
  if (!user) throw new AppError('not_found', 'This user does not exist.');
  return user;
}
