import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScheduler, type Schedule } from '#server/jobs/scheduler.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { findLastSuccesses } from '#server/services/schedules/find-last-successes.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const NOW = new Date('2026-11-20T12:00:30Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function schedulerOf(schedules: readonly Schedule[]) {
  const { db } = database.handle;
  const runs: string[] = [];
  const scheduler = createScheduler({
    schedules,
    clock: fixedClock(NOW),
    logger: createLogger('silent'),
    claim: (schedule, dueAt) => claimRun(db, { schedule, dueAt }, NOW),
    finish: (schedule, dueAt, outcome) => finishRun(db, { schedule, dueAt }, outcome, NOW),
    onRun: (name, outcome) => runs.push(`${name} ${outcome}`),
  });
  return { scheduler, runs };
}

const yearly = (name: string, run: Schedule['run']): Schedule => ({ name, cron: '0 0 1 1 *', intervalSeconds: 31_536_000, run });

test('replicas run a due time once', async () => {
  let count = 0;
  const replicas = [1, 2, 3].map(() => schedulerOf([yearly('once', async () => (count += 1))]));
  for (const { scheduler } of replicas) scheduler.start();
  await Promise.all(replicas.map(({ scheduler }) => scheduler.stop()));
  expect(count).toBe(1);
  expect(replicas.flatMap(({ runs }) => runs)).toEqual(['once ok']);
  expect((await findLastSuccesses(database.handle.db)).get('once')).toEqual(NOW);
});

test('a failing schedule is counted as failed, has no success on record, and disturbs no other', async () => {
  const { scheduler, runs } = schedulerOf([yearly('broken', () => Promise.reject(new Error('no'))), yearly('sound', () => Promise.resolve())]);
  scheduler.start();
  await scheduler.stop();
  expect(runs.sort()).toEqual(['broken failed', 'sound ok']);
  expect((await findLastSuccesses(database.handle.db)).has('broken')).toBe(false);
});

test('stopping waits for what is running', async () => {
  let isDone = false;
  const { scheduler } = schedulerOf([yearly('slow', () => new Promise((resolve) => setTimeout(() => resolve((isDone = true)), 200)))]);
  scheduler.start();
  await scheduler.stop();
  expect(isDone).toBe(true);
});

test('an invalid cron expression is refused at start', () => {
  const { scheduler } = schedulerOf([{ ...yearly('bad', () => Promise.resolve()), cron: 'every day' }]);
  expect(() => scheduler.start()).toThrow('invalid cron expression');
});
