import { afterEach, beforeEach, expect, test } from 'vitest';
import { Users, UsersInput } from '#server/contracts/users.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedInteraction, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const report = async (input: UsersInput = { range: '7d' }, { now = NOW, zone = 'UTC' } = {}) =>
  Users.parse(await getUsers({ db: database.handle.db, clock: fixedClock(now), reportingTimeZone: zone }, input));
const sum = (numbers: readonly number[]) => numbers.reduce((soFar, n) => soFar + n, 0);

test('nobody at all is a count of 0, every ratio of nobody is not known, and every bucket and cohort is there', async () => {
  const { windows, total, overTime, bySource, retention, cohorts, compared } = await report({ range: '7d', compare: 'previous' });
  expect(windows).toEqual({ dau: 0, wau: 0, mau: 0, dauOfMau: null, wauOfMau: null });
  expect(total).toEqual({ activeCount: 0, newCount: 0, returningCount: 0, interactionCount: 0, interactionsPerActive: null });
  expect(overTime).toHaveLength(8);
  expect(bySource).toEqual([]);
  expect(retention.map(({ ratio }) => ratio)).toEqual([null, null, null]);
  expect(cohorts.map(({ firstDate, newCount }) => [firstDate, newCount])).toEqual(['14', '15', '16', '17', '18', '19'].map((day) => [`2026-11-${day}`, 0]));
  expect(compared).toBeNull();
});

test('one person who came and came back is new in one bucket, returning in another, and retained on exactly that day', async () => {
  const userId = await seedUser(database.handle.db, daysAgo(3), 'ads');
  for (const days of [3, 2, 1.9]) await seedInteraction(database.handle.db, { at: daysAgo(days), userId });
  const { windows, total, overTime, bySource, cohorts } = await report();
  expect(windows).toEqual({ dau: 0, wau: 1, mau: 1, dauOfMau: 0, wauOfMau: 1 });
  expect(total).toEqual({ activeCount: 1, newCount: 1, returningCount: 0, interactionCount: 3, interactionsPerActive: 3 });
  expect(overTime.filter(({ activeCount }) => activeCount > 0)).toEqual([
    { startsAt: '2026-11-17T00:00:00.000Z', isUnfinished: false, activeCount: 1, newCount: 1, returningCount: 0 },
    { startsAt: '2026-11-18T00:00:00.000Z', isUnfinished: false, activeCount: 1, newCount: 0, returningCount: 1 },
  ]);
  expect(bySource).toEqual([{ source: 'ads', signupCount: 1 }]);
  expect(cohorts.find(({ newCount }) => newCount === 1)).toEqual({
    firstDate: '2026-11-17', lastDate: '2026-11-17', newCount: 1,
    retention: [{ days: 1, newCount: 1, activeCount: 1, ratio: 1 }, ...[7, 30].map((days) => ({ days, newCount: 0, activeCount: 0, ratio: null }))],
  });
});

test('a day that still runs is no cohort, and tells nothing of the day before it', async () => {
  const userId = await seedUser(database.handle.db, new Date('2026-11-19T01:00:00Z'));
  await seedInteraction(database.handle.db, { at: new Date('2026-11-20T01:00:00Z'), userId });
  const { cohorts } = await report({ from: '2026-11-19', to: '2026-11-25' });
  expect(cohorts).toMatchObject([{ firstDate: '2026-11-19', newCount: 1, retention: [{ days: 1, newCount: 0, ratio: null }, {}, {}] }]);
  const { cohorts: tomorrow } = await report({ from: '2026-11-19', to: '2026-11-25' }, { now: new Date('2026-11-21T00:00:00Z') });
  expect(tomorrow).toMatchObject([{ retention: [{ days: 1, newCount: 1, ratio: 1 }, {}, {}] }, { firstDate: '2026-11-20' }]);
});

test('a range that is to come has nobody in it, no cohort, and is unfinished', async () => {
  await seedInteraction(database.handle.db, { at: daysAgo(0.9), userId: await seedUser(database.handle.db, daysAgo(0.9)) });
  const { total, overTime, cohorts, windows } = await report({ from: '2026-12-01', to: '2026-12-03' });
  expect([total.activeCount, total.newCount]).toEqual([0, 0]);
  expect(overTime.map(({ isUnfinished }) => isUnfinished)).toEqual([true, true, true]);
  expect(cohorts).toEqual([]);
  expect(windows.dau).toBe(1);
});

test('more than 31 days are told as weeks from Monday, and retention is still that of each single day', async () => {
  const { db } = database.handle;
  // A Wednesday and the Sunday after it: one comes back after exactly 7 days, the other after 8.
  const [wednesday, sunday] = [new Date('2026-10-07T10:00:00Z'), new Date('2026-10-11T10:00:00Z')];
  const [loyal, late] = [await seedUser(db, wednesday), await seedUser(db, sunday)];
  await seedInteraction(db, { at: new Date(wednesday.getTime() + 7 * DAY_MS), userId: loyal });
  await seedInteraction(db, { at: new Date(sunday.getTime() + 8 * DAY_MS), userId: late });
  const { cohorts, retention } = await report({ from: '2026-10-06', to: '2026-11-10' });
  expect(cohorts.map(({ firstDate, lastDate }) => `${firstDate.slice(5)}/${lastDate.slice(5)}`)).toEqual([
    '10-06/10-11', '10-12/10-18', '10-19/10-25', '10-26/11-01', '11-02/11-08', '11-09/11-10',
  ]);
  expect(cohorts[0]).toMatchObject({ newCount: 2, retention: [{ days: 1, activeCount: 0 }, { days: 7, newCount: 2, activeCount: 1, ratio: 0.5 }, { days: 30, newCount: 2, ratio: 0 }] });
  expect(retention.find(({ days }) => days === 7)).toMatchObject({ newCount: 2, activeCount: 1 });
  const { cohorts: days } = await report({ from: '2026-10-06', to: '2026-11-05' });
  expect(days).toHaveLength(31);
});

test('a day that a zone left out is nobody\'s next day', async () => {
  await database.handle.sql`select ensure_interactions_partitions('2011-12-01', '2012-01-31')`;
  // Samoa went from Thursday the 29th to Saturday the 31st.
  const userId = await seedUser(database.handle.db, new Date('2011-12-29T20:00:00Z'));
  await seedInteraction(database.handle.db, { at: new Date('2011-12-30T20:00:00Z'), userId });
  const { cohorts } = await report({ from: '2011-12-28', to: '2012-01-01' }, { zone: 'Pacific/Apia' });
  expect(cohorts.map(({ firstDate }) => firstDate)).toEqual(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']);
  expect(cohorts[1]).toMatchObject({ newCount: 1, retention: [{ days: 1, newCount: 0, ratio: null }, { days: 7, newCount: 1 }, {}] });
});

test('more than twenty sources are listed as those with the most, and all others together, and are still all new users', async () => {
  const { db } = database.handle;
  for (let index = 0; index < 23; index += 1) {
    for (let count = 0; count < (index === 9 ? 3 : 1); count += 1) await seedUser(db, daysAgo(2), `link ${String(index).padStart(2, '0')}`);
    if (index === 12) await foldRollups(db, 5);
  }
  const { bySource, total } = await report();
  expect(bySource.slice(0, 3)).toEqual([{ source: 'link 09', signupCount: 3 }, { source: 'link 00', signupCount: 1 }, { source: 'link 01', signupCount: 1 }]);
  expect(bySource).toHaveLength(21);
  expect(bySource.at(-1)).toEqual({ source: null, signupCount: 3 });
  expect(sum(bySource.map(({ signupCount }) => signupCount))).toBe(total.newCount);
});

test('where raw rows are kept no longer, the new users stay exact, and sources and buckets still add up to them', async () => {
  const { db, sql } = database.handle;
  // In the same five minutes, before and after the start of the range.
  const from = new Date('2026-10-10T10:02:00Z');
  for (const beside of [-60_000, 60_000]) await seedInteraction(db, { at: new Date(from.getTime() + beside), userId: await seedUser(db, new Date(from.getTime() + beside), 'ads') });
  await foldRollups(db);
  await sql`select drop_interactions_before('2026-11-01')`;
  await sql`insert into raw_horizons (table_name, kept_from) values ('ai_usage', ${daysAgo(1)})`;
  const { total, bySource, overTime } = await report({ from: from.toISOString(), to: '2026-10-20T00:00:00Z' });
  expect(bySource).toEqual([{ source: 'ads', signupCount: 1 }]);
  // Of interactions only whole five minutes are known by then.
  expect([total.newCount, total.activeCount]).toEqual([1, 2]);
  expect(sum(overTime.map(({ newCount }) => newCount))).toBe(1);
});

test('a user who had their data deleted still counts where they came and were active', async () => {
  const { db, sql } = database.handle;
  const userId = await seedUser(db, daysAgo(2));
  await seedInteraction(db, { at: daysAgo(2), userId });
  const before = await report();
  await sql`update users set telegram_user_id = -1, deleted_at = ${NOW} where id = ${userId}`;
  expect(await report()).toEqual(before);
});

test('a range that is none is refused with a word on what is allowed', async () => {
  expect(UsersInput.safeParse({ range: '9d' }).error?.issues[0]?.message).toBe('must be one of 24h, 7d, 30d');
  expect(UsersInput.safeParse({ from: '2026-11-02', to: '2026-11-01' }).error?.issues[0]?.message).toBe('must not be later than to');
  await expect(report({ range: '30d', bucket: '5min' })).rejects.toMatchObject({ code: 'bad_input' });
});
