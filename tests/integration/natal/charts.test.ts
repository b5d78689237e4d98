import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { birthDataOf } from '#server/services/natal/birth-data-of.ts';
import { hashBirthData, markChartDelivered, openChart, positionsOf, type NatalChart } from '#server/services/natal/charts.ts';
import { computePositions } from '#server/services/natal/compute-positions.ts';
import type { BirthData } from '#server/services/natal/types.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const AT = new Date('2026-11-20T12:00:00Z');
const BIRTH: BirthData = { date: '1990-05-17', time: '14:30', place: 'Moscow', latitude: 55.75222, longitude: 37.61556, timeZone: 'Europe/Moscow' };
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterAll(() => database.drop());

const open = (userId: number, birth: BirthData = BIRTH, language: 'en' | 'ru' = 'en') => openChart(db, { userId, birth, language, at: AT });
const countCharts = async (userId: number) => (await database.handle.sql`select 1 from natal_charts where user_id = ${userId}`).length;

test('many who open the same chart at once compute and store one', async () => {
  const userId = await seedUser(db);
  const charts = await Promise.all(Array.from({ length: 12 }, () => open(userId)));
  expect(new Set(charts.map(({ id }) => id)).size).toBe(1);
  expect(await countCharts(userId)).toBe(1);
});

test('a stored chart is given as it was stored, its text and delivery included', async () => {
  const userId = await seedUser(db);
  const { id } = await open(userId);
  const requestId = '0195b1c0-0000-7000-8000-000000000001';
  await database.handle.sql`update natal_charts set text = 'You were born in spring.', request_id = ${requestId} where id = ${id}`;
  await markChartDelivered(db, id, AT);
  expect(await open(userId, { ...BIRTH, place: 'Москва' })).toMatchObject({ id, text: 'You were born in spring.', requestId, deliveredAt: AT });
});

test('the positions come back from the store as they were computed, with every digit', async () => {
  const userId = await seedUser(db);
  await open(userId);
  expect(positionsOf(await open(userId))).toEqual(computePositions(BIRTH));
  const atNoon = { ...BIRTH, time: null };
  await open(userId, atNoon);
  expect(positionsOf(await open(userId, atNoon))).toEqual(computePositions(atNoon));
});

test('other birth data, another language and another user each have a chart of their own', async () => {
  const [userId, otherId] = [await seedUser(db), await seedUser(db)];
  const charts = [await open(userId), await open(userId, { ...BIRTH, time: null }), await open(userId, BIRTH, 'ru'), await open(otherId)];
  expect(new Set(charts.map(({ id }) => id)).size).toBe(4);
  expect(charts.map(({ language }) => language)).toEqual(['en', 'en', 'ru', 'en']);
  expect(charts[0]).toMatchObject({ userId, birthDataHash: hashBirthData(BIRTH, 'en'), createdAt: AT, text: null, deliveredAt: null });
});

test('a delivery is noted on that chart alone', async () => {
  const userId = await seedUser(db);
  const [first, second] = [await open(userId), await open(userId, BIRTH, 'ru')];
  await markChartDelivered(db, second.id, AT);
  expect((await open(userId)).deliveredAt).toBeNull();
  expect((await open(userId, BIRTH, 'ru')).deliveredAt).toEqual(AT);
  expect(first.deliveredAt).toBeNull();
});

test('positions that were tampered with are refused, not shown', async () => {
  const chart = await open(await seedUser(db));
  const [sun, ...others] = positionsOf(chart).bodies;
  const broken: NatalChart[] = [
    { ...chart, positions: null },
    { ...chart, positions: { ...positionsOf(chart), bodies: [{ ...sun, sign: 'ophiuchus' }, ...others] } },
    { ...chart, positions: { ...positionsOf(chart), instant: undefined } },
  ];
  for (const each of broken) expect(() => positionsOf(each)).toThrow();
});

test('birth data are complete with a date, a place with its zone, and a time or the word that it is unknown', async () => {
  const id = await seedUser(db);
  const place = { birthPlace: 'Moscow', birthLatitude: BIRTH.latitude, birthLongitude: BIRTH.longitude, birthTimeZone: 'Europe/Moscow' };
  const complete = await updateUser(db, id, { ...place, birthDate: '1990-05-17', birthTime: '14:30' });
  expect(birthDataOf(complete)).toEqual(BIRTH);
  expect(birthDataOf(await updateUser(db, id, { birthTime: null, isBirthTimeUnknown: true }))).toEqual({ ...BIRTH, time: null });
  expect(birthDataOf(await updateUser(db, id, { isBirthTimeUnknown: false }))).toBeNull();
  for (const missing of ['birthDate', 'birthPlace', 'birthLatitude', 'birthLongitude', 'birthTimeZone'] as const) {
    expect(birthDataOf({ ...complete, [missing]: null }), missing).toBeNull();
  }
});

test('on the equator at Greenwich nothing counts as missing', async () => {
  const user = await updateUser(db, await seedUser(db), {
    birthDate: '1990-05-17', birthTime: '00:00', birthPlace: 'Null Island', birthLatitude: 0, birthLongitude: 0, birthTimeZone: 'UTC',
  });
  expect(birthDataOf(user)).toEqual({ date: '1990-05-17', time: '00:00', place: 'Null Island', latitude: 0, longitude: 0, timeZone: 'UTC' });
});
