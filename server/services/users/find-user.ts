import { eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';

/** The user behind a Telegram id; null for somebody of whom nothing is known, or nothing any more. Creates nobody. */
export async function findUser(db: Executor, telegramUserId: number): Promise<User | null> {
  const [user] = await db.select().from(users).where(eq(users.telegramUserId, telegramUserId));
  return user ?? null;
}
