import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type User } from '#db/schema/index.ts';
import { invariant } from '#server/errors.ts';
import type { UserContact } from './types.ts';
import { languageOf } from './upsert-users.ts';

/** Notes that a user blocked the bot, as a refused message told. The first instant is kept. */
export async function markUserBlocked(db: Executor, userId: number, at: Date): Promise<void> {
  await db.update(users).set({ blockedAt: at }).where(and(eq(users.id, userId), isNull(users.blockedAt)));
}

/** Notes what Telegram tells of blocking and unblocking; creates an unknown user, and does not count as activity. */
export async function recordBlockChange(db: Executor, contact: UserContact, isBlocked: boolean): Promise<User> {
  const blockedAt = isBlocked ? contact.at : null;
  const [user] = await db
    .insert(users)
    .values({
      telegramUserId: contact.telegramUserId,
      language: languageOf(contact.languageCode),
      createdAt: contact.at,
      lastActiveAt: contact.at,
      blockedAt,
    })
    .onConflictDoUpdate({ target: users.telegramUserId, set: { blockedAt } })
    .returning();
  invariant(user, 'an upsert returns its row');
  return user;
}
