import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { markUserBlocked, recordBlockChange } from '#server/services/users/record-block.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import { upsertUser, upsertUsers } from '#server/services/users/upsert-users.ts';
import type { UserContact } from '#server/services/users/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const AT = new Date('2026-11-01T10:00:00Z');
const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
let database: TestDatabase;
let db: Database;
let nextId = 6_000_000_000;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterAll(() => database.drop());

const contact = (changes: Partial<UserContact> = {}): UserContact => ({ telegramUserId: (nextId += 1), languageCode: 'en', source: null, at: AT, ...changes });

test('when somebody’s first contacts arrive together, the earliest decides the source, the latest the language and the activity', async () => {
  const start = contact({ languageCode: 'ru', source: 'advert' });
  const button = { ...start, languageCode: 'en', source: null, at: later(1) };
  for (const contacts of [[start, button], [button, start]]) {
    const telegramUserId = (nextId += 1);
    const rows = await upsertUsers(db, contacts.map((each) => ({ ...each, telegramUserId })));
    const expected = { language: 'en', source: 'advert', createdAt: AT, lastActiveAt: later(1) };
    expect(rows).toMatchObject([expected, expected]);
  }
});

test('batches of the same people in opposite orders do not block each other', async () => {
  const people = Array.from({ length: 64 }, () => contact());
  for (let round = 0; round < 15; round += 1) {
    const at = later(round);
    const batch = people.map((person) => ({ ...person, at }));
    const [forth, back] = await Promise.all([upsertUsers(db, batch), upsertUsers(db, [...batch].reverse())]);
    expect(forth?.map(({ id }) => id)).toEqual(back?.map(({ id }) => id).reverse());
  }
  const [row] = await database.handle.sql`select count(*)::int as count from users where telegram_user_id = any(${people.map(({ telegramUserId }) => telegramUserId)})`;
  expect(row?.['count']).toBe(people.length);
});

test('a source in any script is cut by characters and kept without blanks around it', async () => {
  expect((await upsertUser(db, contact({ source: ` ${'ж'.repeat(80)} ` }))).source).toBe('ж'.repeat(64));
  expect((await upsertUser(db, contact({ source: '\tblog ' }))).source).toBe('blog');
});

test('what was learnt of a user survives later contacts', async () => {
  const person = contact();
  const { id } = await upsertUser(db, person);
  const learnt = { zodiacSign: 'leo', birthTime: '14:30:00', birthLatitude: 55.75, dialog: { step: 'natal_place', data: { place: '1' } } } as const;
  await updateUser(db, id, learnt);
  expect(await upsertUser(db, { ...person, at: later(3) })).toMatchObject({ ...learnt, id, lastActiveAt: later(3) });
});

test('a change to one user touches no other, and changes at once to different facts lose nothing', async () => {
  const [{ id }, other] = [await upsertUser(db, contact()), await upsertUser(db, contact())];
  await Promise.all([
    updateUser(db, id, { birthDate: '1990-05-17' }),
    updateUser(db, id, { birthPlace: 'Kazan' }),
    updateUser(db, id, { isBirthTimeUnknown: true }),
  ]);
  expect(await updateUser(db, id, { zodiacSign: 'taurus' })).toMatchObject({ birthDate: '1990-05-17', birthPlace: 'Kazan', isBirthTimeUnknown: true });
  expect(await upsertUser(db, { ...contact(), telegramUserId: other.telegramUserId })).toEqual(other);
});

test('a stranger who blocks us stays a stranger, and becomes an ordinary user by writing', async () => {
  const stranger = contact({ languageCode: 'ru' });
  expect(await recordBlockChange(db, stranger, true)).toBeNull();
  expect(await database.handle.sql`select 1 from users where telegram_user_id = ${stranger.telegramUserId}`).toEqual([]);
  expect(await upsertUser(db, { ...stranger, at: later(2) })).toMatchObject({ language: 'ru', createdAt: later(2), blockedAt: null });
});

test('a block that a refused message told is ended by an unblocking, and a later block has its own instant', async () => {
  const person = contact();
  const { id } = await upsertUser(db, person);
  await markUserBlocked(db, id, later(1));
  expect(await recordBlockChange(db, { ...person, at: later(2) }, false)).toMatchObject({ id, blockedAt: null });
  await markUserBlocked(db, id, later(3));
  const [row] = await database.handle.sql`select blocked_at, last_active_at from users where id = ${id}`;
  expect(row).toMatchObject({ blocked_at: later(3), last_active_at: AT });
});

test('a block of nobody we know by that id changes nothing', async () => {
  const before = await database.handle.sql`select id from users where blocked_at is not null`;
  await markUserBlocked(db, 0, AT);
  expect(await database.handle.sql`select id from users where blocked_at is not null`).toEqual(before);
});
