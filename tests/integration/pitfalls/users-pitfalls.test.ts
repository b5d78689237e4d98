import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UsersInput } from '#server/contracts/users.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { changeRatio } from '#server/contracts/change.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/** Half past one in the night of the 20th in Moscow: still the 19th in UTC. */
const NOW = new Date('2026-11-19T22:30:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Europe/Moscow';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.handle.sql`select ensure_interactions_partitions('2026-10-01', '2026-12-01')`;
});
afterEach(() => database.drop());

const deps = () => ({ db: database.handle.db, clock: fixedClock(NOW), reportingTimeZone: ZONE });
const users = (input: UsersInput) => getUsers(deps(), input);
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);

test('users of every feature are active users, not only those with a stored tarot spread', async () => {
  const { db } = database.handle;
  for (const handler of ['start', 'horoscope', 'tarot', 'natal', 'premium', 'help', 'other']) {
    await seedInteraction(db, { at: hoursAgo(2), userId: await seedUser(db), handler });
  }
  expect((await users({ range: '24h' })).windows.dau).toBe(7);
});

test('what the bot sends on its own, texts that it has written ahead, and who blocks it, make nobody active', async () => {
  const { db } = database.handle;
  await seedGeneration(db, { startedAt: hoursAgo(1), userId: null, operation: 'horoscope' });
  await seedInteraction(db, { at: hoursAgo(1), userId: await seedUser(db), handler: 'chat_member' });
  const { windows, total } = await users({ range: '24h' });
  expect([windows.dau, total.activeCount, total.interactionCount]).toEqual([0, 0, 0]);
});

test('daily active users are those of 24 hours whatever the calendar says, and the range changes the figures of the range', async () => {
  const { db } = database.handle;
  // Yesterday in Moscow and in UTC, but within 24 hours.
  await seedInteraction(db, { at: hoursAgo(20), userId: await seedUser(db) });
  await seedInteraction(db, { at: hoursAgo(3 * 24), userId: await seedUser(db) });
  const [day, week] = [await users({ range: '24h' }), await users({ range: '7d' })];
  expect([day.windows.dau, week.windows.dau]).toEqual([1, 1]);
  expect([day.total.activeCount, week.total.activeCount]).toEqual([1, 2]);
});

test('the days of a trend are days of the reporting time zone, and the running one is marked', async () => {
  const { db } = database.handle;
  // 23:30 of the 18th in UTC is 02:30 of the 19th in Moscow.
  await seedInteraction(db, { at: new Date('2026-11-18T23:30:00Z'), userId: await seedUser(db) });
  const { overTime } = await users({ from: '2026-11-18', to: '2026-11-20', bucket: 'day' });
  expect(overTime.map(({ activeCount, isUnfinished }) => [activeCount, isUnfinished])).toEqual([[0, false], [1, false], [0, true]]);
});

test('retention after seven days is use on exactly the seventh day, not at any time since the first', async () => {
  const { db } = database.handle;
  const first = new Date('2026-11-05T09:00:00Z');
  const [eager, loyal] = [await seedUser(db, first), await seedUser(db, first)];
  await seedInteraction(db, { at: new Date(first.getTime() + 2 * DAY_MS), userId: eager });
  await seedInteraction(db, { at: new Date(first.getTime() + 7 * DAY_MS), userId: loyal });
  const { cohorts, retention } = await users({ from: '2026-11-05', to: '2026-11-05' });
  expect(cohorts.map(({ newCount, retention: each }) => [newCount, each.map(({ ratio }) => ratio)])).toEqual([[2, [0, 0.5, null]]]);
  expect(retention.find(({ days }) => days === 7)).toEqual({ days: 7, newCount: 2, activeCount: 1, ratio: 0.5 });
});

test('the trend of active users shows active users, and that of new users new ones', async () => {
  const { db } = database.handle;
  const veteran = await seedUser(db, hoursAgo(40 * 24));
  for (const days of [1, 2, 3]) await seedInteraction(db, { at: hoursAgo(days * 24), userId: veteran });
  await seedUser(db, hoursAgo(24));
  const { overTime } = await users({ range: '7d' });
  expect(overTime.map(({ activeCount }) => activeCount)).not.toEqual(overTime.map(({ newCount }) => newCount));
  expect(overTime.reduce((sum, { activeCount }) => sum + activeCount, 0)).toBe(3);
  expect(overTime.reduce((sum, { newCount }) => sum + newCount, 0)).toBe(1);
});

test('a change from nothing is no number, and a day that runs is compared with the same part of another', async () => {
  const { db } = database.handle;
  const user = await seedUser(db, hoursAgo(40 * 24));
  await seedInteraction(db, { at: hoursAgo(0.5), userId: user });
  // A week before, in the part of the day that this one has not reached yet.
  await seedInteraction(db, { at: new Date(NOW.getTime() - 7 * DAY_MS + 5 * HOUR_MS), userId: user });
  await seedLongAgo(db);
  const { total, compared } = await users({ from: '2026-11-20', to: '2026-11-20', bucket: 'day', compare: 'previous' });
  expect([total.activeCount, compared?.total.activeCount]).toEqual([1, 0]);
  expect(changeRatio(total.activeCount, compared?.total.activeCount ?? null)).toBeNull();
});

test('the users page and the overview show the same numbers', async () => {
  const { db } = database.handle;
  for (let day = 0; day < 35; day += 1) await seedInteraction(db, { at: hoursAgo(day * 24 + 1), userId: await seedUser(db, hoursAgo(day * 24 + 2)) });
  const [report, overview] = [await users({ range: '7d' }), await getOverview(deps(), { range: '7d' })];
  expect({ dau: report.windows.dau, wau: report.windows.wau, mau: report.windows.mau }).toEqual(overview.activeUsers);
  expect(report.total.activeCount).toBe(overview.cost.activeUserCount);
});
