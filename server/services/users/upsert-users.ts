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
 * The language follows Telegram's, the source is that of the first contact. Results stand in the order of the contacts.
 */
export async function upsertUsers(db: Executor, contacts: readonly UserContact[]): Promise<User[]> {
  const rows = await db
    .insert(users)
    .values(newUsersOf(contacts))
    .onConflictDoUpdate({
      target: users.telegramUserId,
      set: { language: followLanguage(contacts), lastActiveAt: sql`greatest(${users.lastActiveAt}, excluded.last_active_at)`, blockedAt: null },
    })
    .returning();
  const byTelegramId = new Map(rows.map((row) => [row.telegramUserId, row]));
  return contacts.map(({ telegramUserId }) => {
    const user = byTelegramId.get(telegramUserId);
    invariant(user, 'an upsert returns every row');
    return user;
  });
}

/** A contact that says no language, or comes late, changes none. */
function followLanguage(contacts: readonly UserContact[]) {
  const spoken = contacts.filter(({ languageCode }) => languageCode !== null).map(({ telegramUserId }) => telegramUserId);
  return sql`case when excluded.telegram_user_id = any(${sql.param(`{${spoken.join(',')}}`)}::bigint[]) and excluded.last_active_at >= ${users.lastActiveAt}
    then excluded.language else ${users.language} end`;
}

/** `upsertUsers` for one contact. */
export async function upsertUser(db: Executor, contact: UserContact): Promise<User> {
  const [user] = await upsertUsers(db, [contact]);
  invariant(user, 'an upsert returns its row');
  return user;
}

/** One row for each user: born of the earliest contact, active at the latest, in the language that was said last. In one order everywhere, so that two statements never wait for each other. */
function newUsersOf(contacts: readonly UserContact[]): NewUser[] {
  const rows = new Map<number, NewUser>();
  for (const contact of [...contacts].sort((a, b) => a.telegramUserId - b.telegramUserId || a.at.getTime() - b.at.getTime())) {
    const first = rows.get(contact.telegramUserId);
    const language = first && contact.languageCode === null ? first.language : languageOf(contact.languageCode);
    rows.set(contact.telegramUserId, first ? { ...first, language, lastActiveAt: contact.at } : toNewUser(contact));
  }
  return [...rows.values()];
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
