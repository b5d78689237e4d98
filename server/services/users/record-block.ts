import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';
import type { UserContact } from './types.ts';

/** Notes that a user blocked the bot, as a refused message told. The first instant is kept. */
export async function markUserBlocked(db: Executor, userId: number, at: Date): Promise<void> {
  await db.update(users).set({ blockedAt: at }).where(and(eq(users.id, userId), isNull(users.blockedAt)));
}

/**
 * Notes what Telegram tells of blocking and unblocking; it does not count as activity. Null for somebody of whom nothing is known:
 * who has been deleted and now blocks the bot must not be put on record for it.
 */
export async function recordBlockChange(db: Executor, { telegramUserId, at }: Pick<UserContact, 'telegramUserId' | 'at'>, isBlocked: boolean): Promise<User | null> {
  const [user] = await db.update(users).set({ blockedAt: isBlocked ? at : null }).where(eq(users.telegramUserId, telegramUserId)).returning();
  return user ?? null;
}
