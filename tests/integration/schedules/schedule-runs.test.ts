import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { findLastSuccesses } from '#server/services/schedules/find-last-successes.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12, minute));
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 10 });
  db = database.handle.db;
});
afterAll(() => database.drop());

test('of ten that claim one due time at once, one has it, and it keeps the start that it noted', async () => {
  const key = { schedule: 'claimed', dueAt: at(0) };
  const starts = Array.from({ length: 10 }, (_, index) => at(index));
  const claims = await Promise.all(starts.map((startedAt) => claimRun(db, key, startedAt)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  const rows = await database.handle.sql`select started_at, finished_at, outcome from schedule_runs where schedule = 'claimed'`;
  expect(rows.map((row) => ({ ...row }))).toEqual([{ started_at: starts[claims.indexOf(true)], finished_at: null, outcome: 'running' }]);
});

test('the next due time, and another schedule at the same one, are claimed on their own', async () => {
  expect(await claimRun(db, { schedule: 'first', dueAt: at(0) }, at(0))).toBe(true);
  expect(await claimRun(db, { schedule: 'first', dueAt: at(1) }, at(1))).toBe(true);
  expect(await claimRun(db, { schedule: 'second', dueAt: at(0) }, at(0))).toBe(true);
});

test('a run that has ended cannot be claimed again, however it ended', async () => {
  for (const outcome of ['ok', 'failed'] as const) {
    const key = { schedule: `ended ${outcome}`, dueAt: at(0) };
    await claimRun(db, key, at(0));
    await finishRun(db, key, outcome, at(1));
    expect(await claimRun(db, key, at(2))).toBe(false);
  }
});

test('the last success is the latest end of a run that went well; failed and running ones do not count', async () => {
  const run = async (schedule: string, minute: number, outcome: 'ok' | 'failed' | null) => {
    await claimRun(db, { schedule, dueAt: at(minute) }, at(minute));
    if (outcome) await finishRun(db, { schedule, dueAt: at(minute) }, outcome, at(minute + 1));
  };
  await run('mixed', 10, 'ok');
  await run('mixed', 20, 'ok');
  await run('mixed', 30, 'failed');
  await run('mixed', 40, null);
  await run('never', 10, 'failed');
  await run('busy', 10, null);
  const successes = await findLastSuccesses(db);
  expect(successes.get('mixed')).toEqual(at(21));
  expect([successes.has('never'), successes.has('busy')]).toEqual([false, false]);
});

test('the end of one run is noted on no other', async () => {
  const [first, second] = [{ schedule: 'pair', dueAt: at(0) }, { schedule: 'pair', dueAt: at(1) }];
  await claimRun(db, first, at(0));
  await claimRun(db, second, at(1));
  await finishRun(db, second, 'ok', at(2));
  const rows = await database.handle.sql`select outcome from schedule_runs where schedule = 'pair' order by due_at`;
  expect(rows.map((row) => row['outcome'])).toEqual(['running', 'ok']);
});
