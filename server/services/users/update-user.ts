import { eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';
import type { UserChanges } from './types.ts';

/** Changes what is known of a user; throws `not_found` for an unknown id. */
export async function updateUser(db: Executor, userId: number, changes: UserChanges): Promise<User> {
  const [user] = await db.update(users).set(changes).where(eq(users.id, userId)).returning();
  if (!user) throw new AppError('not_found', 'This user does not exist.');
  return user;
}
