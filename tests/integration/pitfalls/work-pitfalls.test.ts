import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import type { ErrorsInput } from '#server/contracts/errors.ts';
import type { JobsInput } from '#server/contracts/jobs.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import { getErrors } from '#server/services/reports/get-errors.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

/*
 * What a predecessor of this product got wrong about failures, schedules and queues: one test for each mistake, so that none comes back.
 */
const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  await database.handle.sql`select ensure_interactions_partitions('2026-09-01', '2026-12-31')`;
});
afterEach(() => database.drop());

const deps = (reportingTimeZone = 'Europe/Moscow') => ({ db, clock: fixedClock(NOW), reportingTimeZone });
const errors = (input: ErrorsInput = { range: '24h' }, zone?: string) => getErrors(deps(zone), input);
const jobs = (input: JobsInput = { range: '24h' }) => getJobs(deps(), input);
const fail = (hours: number, userId = 1) => seedInteraction(db, { at: hoursAgo(hours), userId, outcome: 'failed', errorType: 'internal' });

test('an error rate without interactions is undefined, never divided by one instead of nothing', async () => {
  expect((await errors()).total.errorRatio).toBeNull();
  expect((await jobs()).total.failureRatio).toBeNull();
});

test('errors are counted, not constant zeros, by feature and cause', async () => {
  await fail(1);
  await seedInteraction(db, { at: hoursAgo(1), userId: 1 });
  const { total, failures } = await errors();
  expect(total).toMatchObject({ interactionCount: 2, failedCount: 1, errorRatio: 0.5 });
  expect(failures).toEqual([{ handler: 'tarot', errorType: 'internal', failedCount: 1, userCount: 1 }]);
});

test('a user who met an error on several days is one user, not one per day', async () => {
  for (const hours of [1, 25, 49]) await fail(hours);
  expect((await errors({ range: '7d' })).total).toMatchObject({ failedCount: 3, userCount: 1 });
});

test('a reading that a budget refused is neither a success nor a failure', async () => {
  await seedInteraction(db, { at: hoursAgo(1), userId: 1, outcome: 'limited' });
  expect((await errors()).total).toEqual({ interactionCount: 1, failedCount: 0, limitedCount: 1, errorRatio: 0, userCount: 0 });
});

test('why a model failed is kept: a fallback that succeeds does not hide the attempt before it', async () => {
  await seedGeneration(db, { startedAt: hoursAgo(1), model: 'a/first', status: 'void', costUsd: null, costSource: 'none', errorType: 'timeout' });
  await seedGeneration(db, { startedAt: hoursAgo(1), model: 'b/fallback' });
  const { attempts } = await errors();
  expect(attempts).toMatchObject({ attemptCount: 2, failedCount: 1, failures: [{ operation: 'tarot_card', model: 'a/first', errorType: 'timeout', failedCount: 1 }] });
});

test('a day is drawn in hours of the reporting time zone, and hours without a failure are drawn', async () => {
  await fail(3);
  const { overTime } = await errors({ range: '24h' }, 'Asia/Kolkata');
  expect(overTime).toHaveLength(25);
  expect(overTime.slice(1).every(({ startsAt }) => startsAt.endsWith(':30:00.000Z'))).toBe(true);
  expect(overTime.filter(({ failedCount, errorRatio }) => failedCount === 0 && errorRatio === null)).toHaveLength(24);
});

test('a partial day is compared with the same part of another, never with a full one', async () => {
  await seedLongAgo(db);
  for (const hours of [2, 7 * 24 + 2, 7 * 24 - 2]) await fail(hours);
  const { total, compared } = await errors({ from: '2026-11-20', to: '2026-11-20', bucket: 'day', compare: 'previous' }, 'UTC');
  expect([total.failedCount, compared?.total.failedCount]).toEqual([1, 1]);
});

test('a schedule that runs and never succeeds is late, however alive the scheduler is', async () => {
  for (const hours of [1, 2, 3, 4]) {
    const key = { schedule: 'delete_expired', dueAt: hoursAgo(hours) };
    await claimRun(db, key, key.dueAt);
    await finishRun(db, key, 'failed', key.dueAt);
  }
  const { now, runs } = await jobs();
  expect(now.schedules.find(({ name }) => name === 'delete_expired')).toMatchObject({ state: 'late', lastSuccessAt: null, lastRun: { outcome: 'failed' } });
  expect(runs.find(({ name }) => name === 'delete_expired')).toMatchObject({ runCount: 4, failedCount: 4, failureRatio: 1 });
});

test('what waits in a queue, is worked on, failed and is done has a number each', async () => {
  await storeUpdates(db, [1, 2, 3].map((id) => ({ update_id: id, message: { date: 1, chat: { id, type: 'private' } } })), NOW);
  await database.handle.sql`update inbox set status = 'failed', finished_at = ${NOW} where update_id = 3`;
  expect((await jobs()).now.queues[0]).toEqual({ queue: 'inbox', pending: 2, active: 0, failed: 1, completed: 0 });
});
