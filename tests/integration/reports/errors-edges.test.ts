import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { ErrorsInput, ErrorsReport, EXAMPLES_MAX } from '#server/contracts/errors.ts';
import { INTERACTION_ERROR_TYPES } from '#server/contracts/vocabulary.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

const NOW = new Date('2026-11-20T12:02:30Z');
const MINUTE_MS = 60_000;
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const read = async (input: ErrorsInput = { range: '24h' }) => ErrorsReport.parse(await getErrors({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input));
const fail = (minutes: number, row: Partial<Parameters<typeof seedInteraction>[1]> = {}) =>
  seedInteraction(db, { at: minutesAgo(minutes), userId: 1, outcome: 'failed', errorType: 'internal', ...row });

test('without any data counts are 0, ratios are not known, and every bucket is there', async () => {
  const { total, failures, handlers, series, overTime, attempts, examples, examplesFrom } = await read();
  expect(total).toEqual({ interactionCount: 0, failedCount: 0, limitedCount: 0, errorRatio: null, userCount: 0 });
  expect([failures, handlers, series, examples, examplesFrom]).toEqual([[], [], [], [], null]);
  expect(attempts).toEqual({ attemptCount: 0, failedCount: 0, errorRatio: null, failures: [] });
  expect(overTime).toHaveLength(25);
  expect(overTime[3]).toEqual({ startsAt: '2026-11-19T15:00:00.000Z', interactionCount: 0, failedCount: 0, limitedCount: 0, errorRatio: null, failedCounts: [], isUnfinished: false });
});

test('a failure is in the report the moment it is written, and its example says where and why', async () => {
  await fail(1, { handler: 'natal', operation: 'natal_chart', updateId: 77, userId: 5, durationMs: 900 });
  const { total, failures, overTime, examples } = await read();
  expect(total).toEqual({ interactionCount: 1, failedCount: 1, limitedCount: 0, errorRatio: 1, userCount: 1 });
  expect(failures).toEqual([{ handler: 'natal', errorType: 'internal', failedCount: 1, userCount: 1 }]);
  expect(overTime.at(-1)).toMatchObject({ failedCount: 1, errorRatio: 1, failedCounts: [1], isUnfinished: true });
  expect(examples).toEqual([
    { at: '2026-11-20T12:01:30.000Z', handler: 'natal', errorType: 'internal', operation: 'natal_chart', userId: 5, updateId: 77, durationMs: 900, requestId: null },
  ]);
});

test('users hit are counted once whatever their ids, folded, waiting to be folded and in cut minutes', async () => {
  const ids = [1, 32_767, 32_768, 65_536, 100_000];
  for (const userId of ids) await fail(700, { userId });
  await foldRollups(db);
  for (const userId of [...ids, 70_000]) await fail(300, { userId, handler: 'natal' });
  for (const userId of [...ids, 131_072]) await fail(1, { userId });
  const { total, failures, handlers } = await read();
  expect(total.userCount).toBe(7);
  expect(failures.map(({ handler, userCount }) => [handler, userCount])).toEqual([['tarot', 6], ['natal', 6]]);
  expect(handlers.map(({ handler, userCount }) => [handler, userCount])).toEqual([['tarot', 6], ['natal', 6]]);
});

test('the example of a failed reading leads to the last attempt of that handling, not to one of another user, update or time', async () => {
  const attempt = { userId: 3, updateId: 9, status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout' } as const;
  await seedGeneration(db, { ...attempt, startedAt: minutesAgo(8) });
  await seedGeneration(db, { ...attempt, startedAt: minutesAgo(5.5) });
  const last = await seedGeneration(db, { ...attempt, startedAt: minutesAgo(5.2) });
  await seedGeneration(db, { ...attempt, updateId: 10, startedAt: minutesAgo(5.1) });
  await seedGeneration(db, { ...attempt, userId: 4, startedAt: minutesAgo(5.1) });
  await fail(5, { userId: 3, updateId: 9, durationMs: MINUTE_MS, errorType: 'ai_failed' });
  expect((await read()).examples.map(({ requestId }) => requestId)).toEqual([last]);
});

test('a filter narrows figures, buckets and examples; an error type leaves the interactions that it is a part of', async () => {
  await fail(5, { handler: 'natal' });
  await fail(4, { handler: 'tarot' });
  await fail(3, { handler: 'tarot', errorType: 'ai_failed', userId: 2 });
  await seedInteraction(db, { at: minutesAgo(2), userId: 2, handler: 'tarot' });
  const tarot = await read({ range: '24h', handler: 'tarot' });
  expect(tarot.total).toEqual({ interactionCount: 3, failedCount: 2, limitedCount: 0, errorRatio: 2 / 3, userCount: 2 });
  expect(tarot.handlers.map(({ handler }) => handler)).toEqual(['tarot']);
  expect(tarot.examples).toHaveLength(2);
  const both = await read({ range: '24h', handler: 'tarot', errorType: 'ai_failed' });
  expect(both.total).toEqual({ interactionCount: 3, failedCount: 1, limitedCount: 0, errorRatio: 1 / 3, userCount: 1 });
  expect(both.chosen).toEqual({ handler: 'tarot', errorType: 'ai_failed' });
  expect(both.failures).toEqual([{ handler: 'tarot', errorType: 'ai_failed', failedCount: 1, userCount: 1 }]);
});

test('names of older versions are told as other, each user once', async () => {
  await fail(5, { handler: 'compatibility', errorType: 'api_error' });
  await foldRollups(db);
  await fail(4, { handler: 'other', errorType: null });
  await fail(3, { handler: 'cards', errorType: 'db_error', userId: 2 });
  const { failures, handlers, examples } = await read();
  expect(failures).toEqual([{ handler: 'other', errorType: 'other', failedCount: 3, userCount: 2 }]);
  expect(handlers).toHaveLength(1);
  expect(examples.map(({ handler, errorType }) => `${handler}/${errorType}`)).toEqual(['other/other', 'other/other', 'other/other']);
  expect((await read({ range: '24h', errorType: 'other' })).total.failedCount).toBe(3);
});

test('a chart tells the five most frequent kinds apart, and adds the others up', async () => {
  for (const [index, errorType] of INTERACTION_ERROR_TYPES.entries()) for (let times = 0; times <= index; times += 1) await fail(5, { errorType });
  await fail(5, { handler: 'natal' });
  const { series, overTime } = await read();
  expect(series).toHaveLength(6);
  expect(series.slice(0, 2)).toEqual([{ handler: 'tarot', errorType: 'internal' }, { handler: 'tarot', errorType: 'database_failed' }]);
  expect(series.at(-1)).toEqual({ handler: null, errorType: null });
  expect(overTime.find(({ failedCount }) => failedCount > 0)?.failedCounts).toEqual([6, 5, 4, 3, 2, 2]);
});

test('a report has the newest examples of its range only, whichever kinds they are of', async () => {
  for (let minute = 1; minute < EXAMPLES_MAX + 5; minute += 1) await fail(minute, { handler: minute % 2 === 0 ? 'tarot' : 'natal' });
  const { examples } = await read();
  expect(examples.map(({ at }) => at)).toEqual(Array.from({ length: EXAMPLES_MAX }, (_, index) => minutesAgo(index + 1).toISOString()));
  const { examples: older } = await read({ from: minutesAgo(24).toISOString(), to: minutesAgo(22).toISOString() });
  expect(older.map(({ at }) => at)).toEqual([minutesAgo(23).toISOString(), minutesAgo(24).toISOString()]);
});

test('where interactions are kept one by one for a time only, the report says since when there are examples', async () => {
  await fail(5);
  await database.handle.sql`insert into raw_horizons (table_name, kept_from) values ('interactions', '2026-11-01T00:00:00Z')`;
  expect((await read()).examplesFrom).toBe('2026-11-01T00:00:00.000Z');
});

test('a comparison has figures of the earlier range and no examples', async () => {
  await fail(5);
  await fail(7 * 24 * 60 + 5);
  await seedLongAgo(db);
  const { total, compared } = await read({ range: '7d', compare: 'previous' });
  expect([total.failedCount, compared?.total.failedCount]).toEqual([1, 1]);
  expect(compared).not.toHaveProperty('examples');
});

test('a range in the future has counts of 0 and no ratio', async () => {
  const { total, overTime } = await read({ from: '2026-12-01T00:00:00Z', to: '2026-12-01T02:00:00Z' });
  expect([total.interactionCount, total.errorRatio]).toEqual([0, null]);
  expect(overTime.every(({ isUnfinished }) => isUnfinished)).toBe(true);
});

test.each([
  [{ handler: 'nap' }, 'must be one of start, horoscope, tarot'],
  [{ errorType: 'NullPointer' }, 'must be one of ai_failed, ai_disabled'],
  [{ range: '9y' }, 'must be one of 24h, 7d, 30d'],
])('%o is refused in words', (input, words) => {
  expect(ErrorsInput.safeParse(input).error?.issues[0]?.message).toContain(words);
});
