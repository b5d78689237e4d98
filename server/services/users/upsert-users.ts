import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users, type NewUser, type User } from '#db/schema/index.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { invariant } from '#server/errors.ts';
import type { UserContact } from './types.ts';

/** Longest source that is kept; Telegram allows 64 characters in a /start payload. */
const SOURCE_CHARS_MAX = 64;

/** Russian for who uses Telegram in Russian, English for everybody else. */
export function languageOf(languageCode: string | null): Language {
  return languageCode?.toLowerCase().split('-')[0] === 'ru' ? 'ru' : 'en';
}

/**
 * Finds or creates the users of these contacts in one statement and marks them active; who writes has not blocked us.
 * Language and source are set on the first contact and kept. Results stand in the order of the contacts.
 */
export async function upsertUsers(db: Executor, contacts: readonly UserContact[]): Promise<User[]> {
  const latest = new Map(contacts.map((contact) => [contact.telegramUserId, contact]));
  const rows = await db
    .insert(users)
    .values([...latest.values()].map(toNewUser))
    .onConflictDoUpdate({
      target: users.telegramUserId,
      set: { lastActiveAt: sql`greatest(${users.lastActiveAt}, excluded.last_active_at)`, blockedAt: null },
    })
    .returning();
  const byTelegramId = new Map(rows.map((row) => [row.telegramUserId, row]));
  return contacts.map(({ telegramUserId }) => {
    const user = byTelegramId.get(telegramUserId);
    invariant(user, 'an upsert returns every row');
    return user;
  });
}

/** `upsertUsers` for one contact. */
export async function upsertUser(db: Executor, contact: UserContact): Promise<User> {
  const [user] = await upsertUsers(db, [contact]);
  invariant(user, 'an upsert returns its row');
  return user;
}

function toNewUser(contact: UserContact): NewUser {
  return {
    telegramUserId: contact.telegramUserId,
    language: languageOf(contact.languageCode),
    source: contact.source?.trim().slice(0, SOURCE_CHARS_MAX) || 'direct',
    createdAt: contact.at,
    lastActiveAt: contact.at,
  };
}
