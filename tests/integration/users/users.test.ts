import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { recordInteraction, recordInteractions } from '#server/services/activity/record-interaction.ts';
import { markUserBlocked, recordBlockChange } from '#server/services/users/record-block.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import { upsertUser, upsertUsers } from '#server/services/users/upsert-users.ts';
import type { UserContact } from '#server/services/users/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const AT = new Date('2026-11-01T10:00:00Z');
const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
let database: TestDatabase;
let db: Database;
let nextId = 8_000_000_000;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-11-01', '2026-12-01')`;
});
afterAll(() => database.drop());

const contact = (changes: Partial<UserContact> = {}): UserContact => ({
  telegramUserId: (nextId += 1),
  languageCode: 'ru-RU',
  source: 'friends',
  at: AT,
  ...changes,
});

test('the first contact decides the source; the language follows what Telegram says, and stays where it says nothing', async () => {
  const first = contact();
  const created = await upsertUser(db, first);
  expect(created).toMatchObject({ language: 'ru', source: 'friends', createdAt: AT, lastActiveAt: AT, blockedAt: null });
  const again = await upsertUser(db, { ...first, languageCode: 'en', source: 'advert', at: later(5) });
  expect(again).toEqual({ ...created, language: 'en', lastActiveAt: later(5) });
  expect((await upsertUser(db, { ...first, languageCode: null, at: later(6) })).language).toBe('en');
  expect((await upsertUser(db, { ...first, languageCode: 'ru', at: AT })).language).toBe('en');
  expect((await upsertUser(db, { ...first, languageCode: 'ru', at: later(7) })).language).toBe('ru');
});

test('a contact that arrives late does not set the activity back', async () => {
  const first = contact({ at: later(10) });
  await upsertUser(db, first);
  expect((await upsertUser(db, { ...first, at: AT })).lastActiveAt).toEqual(later(10));
});

test('without a payload the source is direct, and a long one is cut', async () => {
  expect((await upsertUser(db, contact({ source: null }))).source).toBe('direct');
  expect((await upsertUser(db, contact({ source: '  ' }))).source).toBe('direct');
  expect((await upsertUser(db, contact({ source: 'x'.repeat(100) }))).source).toHaveLength(64);
});

test('many contacts are one statement, results in their order, one user once', async () => {
  const [a, b] = [contact(), contact({ languageCode: 'en' })];
  const rows = await upsertUsers(db, [b, a, b]);
  expect(rows.map(({ telegramUserId }) => telegramUserId)).toEqual([b.telegramUserId, a.telegramUserId, b.telegramUserId]);
  expect(rows[0]?.id).toBe(rows[2]?.id);
});

test('twenty first contacts at once make one user', async () => {
  const first = contact();
  const rows = await Promise.all(Array.from({ length: 20 }, () => upsertUser(db, first)));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
});

test('what is learnt of a user is kept, and an unknown user is an error', async () => {
  const { id } = await upsertUser(db, contact());
  const dialog = { step: 'natal_time' };
  expect(await updateUser(db, id, { zodiacSign: 'leo', birthDate: '1990-08-01', dialog })).toMatchObject({ zodiacSign: 'leo', dialog });
  expect(await updateUser(db, id, { dialog: null })).toMatchObject({ birthDate: '1990-08-01', dialog: null });
  await expect(updateUser(db, 0, { dialog: null })).rejects.toMatchObject({ code: 'not_found' });
});

test('the first instant of a block is kept, and writing again ends it', async () => {
  const first = contact();
  const { id } = await upsertUser(db, first);
  await markUserBlocked(db, id, later(1));
  await markUserBlocked(db, id, later(2));
  const [row] = await database.handle.sql`select blocked_at from users where id = ${id}`;
  expect(row?.['blocked_at']).toEqual(later(1));
  expect((await upsertUser(db, { ...first, at: later(3) })).blockedAt).toBeNull();
});

test('blocking is no activity', async () => {
  const person = contact();
  await upsertUser(db, person);
  expect(await recordBlockChange(db, { ...person, at: later(8) }, true)).toMatchObject({ blockedAt: later(8), lastActiveAt: AT });
  expect(await recordBlockChange(db, { ...person, at: later(9) }, false)).toMatchObject({ blockedAt: null, lastActiveAt: AT });
});

test('interactions of a past are laid down as given', async () => {
  const { id: userId } = await upsertUser(db, contact());
  const rest = { updateId: null, userId, handler: 'horoscope', operation: 'horoscope', durationMs: 5, updateAgeMs: 6 } as const;
  await recordInteraction(db, { ...rest, at: later(1), outcome: 'ok', errorType: null });
  await recordInteractions(db, [{ ...rest, at: later(2), outcome: 'failed', errorType: 'ai_failed' }]);
  await recordInteractions(db, []);
  const rows = await database.handle.sql`select at, outcome, error_type from interactions where user_id = ${userId} order by at`;
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { at: later(1), outcome: 'ok', error_type: null },
    { at: later(2), outcome: 'failed', error_type: 'ai_failed' },
  ]);
});
