import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { JobsInput, JobsReport, RUNS_LOOKED_AT } from '#server/contracts/jobs.ts';
import { SCHEDULE_NAMES, type ScheduleName } from '#server/contracts/schedules.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { recordJobRun } from '#server/services/jobs/record-job-run.ts';
import { getJobs } from '#server/services/reports/get-jobs.ts';
import { createEndedCounter } from '#server/services/reports/read-queue-depths.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const NOW = new Date('2026-11-20T12:02:30Z');
const MINUTE_MS = 60_000;
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterEach(() => database.drop());

const read = async (input: JobsInput = { range: '24h' }, planned?: readonly ScheduleName[]) => {
  const work = planned && { work: { planned, countEnded: createEndedCounter() } };
  return JobsReport.parse(await getJobs({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC', ...work }, input));
};
const nowOf = async (name: ScheduleName, planned?: readonly ScheduleName[]) => (await read({ range: '24h' }, planned)).now.schedules.find((schedule) => schedule.name === name);

async function run(schedule: ScheduleName, minutes: number, outcome: 'ok' | 'failed' | null = 'ok'): Promise<void> {
  const startedAt = minutesAgo(minutes);
  await claimRun(db, { schedule, dueAt: startedAt }, startedAt);
  if (outcome) await finishRun(db, { schedule, dueAt: startedAt }, outcome, new Date(startedAt.getTime() + 2_000));
}

test('without any run every schedule, job and queue is there with zeros, and what is not known is null', async () => {
  const { total, runs, overTime, now } = await read();
  expect(total).toEqual({ runCount: 0, okCount: 0, failedCount: 0, retriedCount: 0, openCount: 0, failureRatio: null, p50Ms: null, p95Ms: null });
  expect(runs.map(({ name }) => name)).toEqual([...SCHEDULE_NAMES, 'deliver_alerts']);
  expect(overTime).toHaveLength(25);
  expect(now.schedules.map(({ state }) => state)).toEqual(SCHEDULE_NAMES.map(() => 'never'));
  expect(now.jobs).toEqual([{ name: 'deliver_alerts', lastRunAt: null, lastSuccessAt: null, lastFailureAt: null }]);
  expect(now.queues.map(({ queue, pending }) => [queue, pending])).toEqual([['inbox', 0], ['deliver_alerts', 0]]);
});

test('a run counts from its claim on: first as open, then by how it ended', async () => {
  await run('refresh_prices', 3, null);
  const open = await read();
  expect(open.total).toMatchObject({ runCount: 1, openCount: 1, failureRatio: null });
  expect(open.now.runningCount).toBe(1);
  await foldRollups(db);
  await finishRun(db, { schedule: 'refresh_prices', dueAt: minutesAgo(3) }, 'failed', minutesAgo(2));
  const ended = await read();
  expect(ended.total).toMatchObject({ runCount: 1, failedCount: 1, openCount: 0, failureRatio: 1 });
  expect(ended.now.runningCount).toBe(0);
  expect(Math.abs((ended.total.p95Ms ?? 0) / MINUTE_MS - 1)).toBeLessThan(0.03);
});

test('a schedule tells its last run, success and failure, and when it is due next', async () => {
  await run('refresh_prices', 97, 'ok');
  await run('refresh_prices', 37, 'failed');
  expect(await nowOf('refresh_prices')).toEqual({
    name: 'refresh_prices',
    state: 'on_time',
    intervalSeconds: 3_600,
    nextDueAt: '2026-11-20T12:25:00.000Z',
    lateSince: null,
    lastRun: { startedAt: '2026-11-20T11:25:30.000Z', finishedAt: '2026-11-20T11:25:32.000Z', outcome: 'failed' },
    lastSuccessAt: '2026-11-20T10:25:32.000Z',
    lastFailureAt: '2026-11-20T11:25:32.000Z',
  });
});

test('a schedule is late when two of its rounds brought no success, as the health check has it', async () => {
  await run('refresh_prices', 121);
  expect(await nowOf('refresh_prices')).toMatchObject({ state: 'on_time', lateSince: null });
  await run('measure_drift', 32);
  expect(await nowOf('measure_drift')).toMatchObject({ state: 'late', lateSince: '2026-11-20T12:01:32.000Z' });
});

test('a schedule that never succeeded is late once its runs reach back far enough', async () => {
  await run('measure_drift', 10, 'failed');
  expect(await nowOf('measure_drift')).toMatchObject({ state: 'on_time', lastSuccessAt: null });
  await run('measure_drift', 40, 'failed');
  expect(await nowOf('measure_drift')).toMatchObject({ state: 'late', lastSuccessAt: null });
});

test('a schedule that this installation has no use for is off: neither due nor late, with what it did before', async () => {
  await run('measure_drift', 500);
  const planned = SCHEDULE_NAMES.filter((name) => name !== 'measure_drift');
  expect(await nowOf('measure_drift', planned)).toMatchObject({ state: 'off', nextDueAt: null, lateSince: null, lastSuccessAt: minutesAgo(500 - 1 / 30).toISOString() });
});

test('no more than the last runs of a schedule are looked at', async () => {
  await database.handle.sql`
    insert into schedule_runs (schedule, due_at, started_at, finished_at, outcome)
    select 'reconcile_generations', at, at, at, case when n = ${RUNS_LOOKED_AT}::int + 1 then 'failed' else 'ok' end
    from generate_series(1, ${RUNS_LOOKED_AT}::int + 1) n, lateral (select ${NOW}::timestamptz - n * interval '1 minute') as run(at)`;
  expect(await nowOf('reconcile_generations')).toMatchObject({ state: 'on_time', lastFailureAt: null });
});

test('jobs tell the five minutes of their last run, success and failure, folded or not', async () => {
  const record = (minutes: number, outcome: 'ok' | 'failed' | 'retried') => recordJobRun(db, { job: 'deliver_alerts', outcome, durationMs: 30, endedAt: minutesAgo(minutes) });
  await record(40 * 24 * 60, 'failed');
  await record(3 * 24 * 60, 'failed');
  await record(2 * 24 * 60, 'ok');
  await foldRollups(db);
  const job = async () => (await read()).now.jobs[0];
  expect(await job()).toEqual({ name: 'deliver_alerts', lastRunAt: '2026-11-18T12:00:00.000Z', lastSuccessAt: '2026-11-18T12:00:00.000Z', lastFailureAt: '2026-11-17T12:00:00.000Z' });
  await record(8, 'retried');
  expect(await job()).toEqual({ name: 'deliver_alerts', lastRunAt: '2026-11-20T11:50:00.000Z', lastSuccessAt: '2026-11-18T12:00:00.000Z', lastFailureAt: '2026-11-20T11:50:00.000Z' });
});

test('a name narrows all but the queues', async () => {
  await run('refresh_prices', 3);
  await run('measure_drift', 3);
  const { chosen, total, runs, overTime, now } = await read({ range: '24h', name: 'refresh_prices' });
  expect([chosen, total.runCount, runs.map(({ name }) => name), now.schedules.map(({ name }) => name), now.jobs]).toEqual(['refresh_prices', 1, ['refresh_prices'], ['refresh_prices'], []]);
  expect(overTime.reduce((sum, { runCount }) => sum + runCount, 0)).toBe(1);
  expect(now.queues).toHaveLength(2);
});

test('the runs of cut five minutes count as a whole', async () => {
  for (const minutes of [0, 2, 10]) await run('reconcile_generations', minutes);
  expect((await read({ from: '2026-11-20T12:01:00Z', to: '2026-11-20T12:02:00Z' })).total.runCount).toBe(2);
});

test('a comparison has figures of the earlier range; how things stand now is told once', async () => {
  await run('refresh_prices', 7 * 24 * 60 + 5);
  await run('refresh_prices', 14 * 24 * 60 + 5);
  const { total, compared, now } = await read({ range: '7d', compare: 'previous' });
  expect([total.runCount, compared?.total.runCount]).toEqual([0, 1]);
  expect(compared).not.toHaveProperty('now');
  expect(now.schedules).toHaveLength(SCHEDULE_NAMES.length);
});

test('a range in the future has no runs', async () => {
  const { total, overTime } = await read({ from: '2026-12-01T00:00:00Z', to: '2026-12-01T02:00:00Z' });
  expect([total.runCount, total.failureRatio]).toEqual([0, null]);
  expect(overTime.every(({ isUnfinished }) => isUnfinished)).toBe(true);
});

test.each([
  [{ name: 'nap' }, 'must be one of reconcile_generations'],
  [{ bucket: 'minute' }, 'must be one of 5min, hour'],
])('%o is refused in words', (input, words) => {
  expect(JobsInput.safeParse(input).error?.issues[0]?.message).toContain(words);
});
