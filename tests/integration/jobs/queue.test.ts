import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueueClient, type QueueClient } from '#db/queue-client.ts';
import { createQueue, type JobHandler, type Queue, type QueueOptions } from '#server/jobs/queue.ts';
import { createLogger } from '#server/lib/logger.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually } from '#tests/support/processes.ts';

const QUICK: Partial<QueueOptions> = { pollingIntervalSeconds: 0.5, retryDelaySeconds: 1, retryDelayMaxSeconds: 1, retryLimit: 1 };
const DONE = { outcome: 'ok', again: null } as const;

let database: TestDatabase;
let running: { readonly queue: Queue; readonly client: QueueClient }[];
beforeEach(async () => {
  database = await createTestDatabase();
  running = [];
});
afterEach(async () => {
  for (const { queue, client } of running) {
    await queue.stop();
    await client.close();
  }
  await database.drop();
});

/** A queue as one process has it. */
function open(handler: JobHandler, options: Partial<QueueOptions> = {}, url = database.url) {
  const ended: string[] = [];
  const client = openQueueClient(url);
  const queue = createQueue({
    client,
    handlers: { deliver_alerts: handler },
    onJobEnded: ({ outcome, durationMs }) => void ended.push(durationMs >= 0 ? outcome : 'a negative duration'),
    logger: createLogger('silent'),
    options: { ...QUICK, ...options },
  });
  running.push({ queue, client });
  return { queue, ended };
}

test('processes that start together make the tables of the queue once, and a job is done by one of them, with its data', async () => {
  const done: unknown[] = [];
  const processes = Array.from({ length: 4 }, () => open(async (data) => (done.push(data), DONE)));
  await Promise.all(processes.map(({ queue }) => queue.start()));
  await processes[0]?.queue.send('deliver_alerts', { channel: 'webhook', note: 'ä "quoted" {1}' }, { key: 'a' });
  await eventually('the job to be done', () => done.length > 0);
  await eventually('its end to be counted', () => processes.some(({ ended }) => ended.length > 0));
  expect(done).toEqual([{ channel: 'webhook', note: 'ä "quoted" {1}' }]);
  expect(processes.flatMap(({ ended }) => ended)).toEqual(['ok']);
});

test('of jobs that wait under one key there is one, and keys do not hinder each other', async () => {
  const done: unknown[] = [];
  const { queue } = open(async (data) => (done.push(data), DONE));
  await queue.start();
  const startAt = new Date(Date.now() + 3_600_000);
  await queue.send('deliver_alerts', { count: 1 }, { key: 'a', startAt });
  await queue.send('deliver_alerts', { count: 2 }, { key: 'a', startAt });
  await queue.send('deliver_alerts', { count: 3 }, { key: 'b', startAt });
  const { sql } = database.handle;
  expect((await sql`select data from pgboss.job where name = 'deliver_alerts' order by data->>'count'`).map((row) => row['data'])).toEqual([{ count: 1 }, { count: 3 }]);
  await sql`update pgboss.job set start_after = now() where name = 'deliver_alerts'`;
  await eventually('both jobs', () => done.length === 2);
  expect(done).toEqual(expect.arrayContaining([{ count: 1 }, { count: 3 }]));
});

test('a job that rejects is tried again with a delay, each attempt counted, and is failed after the last', async () => {
  const startedAt: number[] = [];
  const { queue, ended } = open(() => {
    startedAt.push(Date.now());
    return Promise.reject(new Error('not today'));
  });
  await queue.start();
  await queue.send('deliver_alerts', {}, { key: 'a' });
  await eventually('both attempts', () => ended.length === 2);
  expect(ended).toEqual(['retried', 'failed']);
  expect((startedAt[1] ?? 0) - (startedAt[0] ?? 0)).toBeGreaterThan(400);
});

test('a handler that asks to be called again is called again with the same data, not before the time it named', async () => {
  const calls: { readonly data: unknown; readonly atMs: number }[] = [];
  const { queue, ended } = open(async (data) => {
    calls.push({ data, atMs: Date.now() });
    return calls.length === 1 ? { outcome: 'retried', again: { key: 'later', startAt: new Date(Date.now() + 1_200) } } : DONE;
  });
  await queue.start();
  await queue.send('deliver_alerts', { channel: 'telegram' }, { key: 'a' });
  await eventually('both calls to be counted', () => ended.length === 2);
  expect(ended).toEqual(['retried', 'ok']);
  expect(calls[1]?.data).toEqual({ channel: 'telegram' });
  expect((calls[1]?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_100);
});

test('a job that was sent before a stop is done after the next start', async () => {
  const first = open(() => Promise.reject(new Error('nobody may call this')));
  await first.queue.start();
  await first.queue.send('deliver_alerts', { kept: true }, { key: 'a', startAt: new Date(Date.now() + 1_000) });
  await first.queue.stop();
  const done: unknown[] = [];
  const second = open(async (data) => (done.push(data), DONE));
  await second.queue.start();
  await eventually('the job', () => done.length === 1);
  expect(done).toEqual([{ kept: true }]);
});

test('a stop waits for what runs, and what does not end in time is aborted and done again by the next process', async () => {
  const entered = Promise.withResolvers<AbortSignal>();
  const first = open((_data, signal) => {
    entered.resolve(signal);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  await first.queue.start();
  await first.queue.send('deliver_alerts', {}, { key: 'a' });
  const signal = await entered.promise;
  expect(signal.aborted).toBe(false);
  await first.queue.stop();
  expect(signal.aborted).toBe(true);
  const second = open(async () => DONE);
  await second.queue.start();
  await eventually('the job to be done by another', () => second.ended.includes('ok'));
});

test('a connection that is cut costs nothing: the queue goes on by itself', async () => {
  const { queue, ended } = open(async () => DONE);
  await queue.start();
  await database.handle.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'adtrobot-queue'`;
  await eventually('a job to be stored again', () => queue.send('deliver_alerts', {}, { key: 'a' }).then(() => true, () => false));
  await eventually('the job', () => ended.length > 0);
  expect(ended).toEqual(['ok']);
});

test('a start and a stop may be asked for twice, and a stop without a start ends at once', async () => {
  const idle = open(async () => DONE);
  await idle.queue.stop();
  const { queue } = open(async () => DONE);
  await Promise.all([queue.start(), queue.start()]);
  await Promise.all([queue.stop(), queue.stop()]);
  const left = await database.handle.sql`select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'adtrobot-queue' and state <> 'idle'`;
  expect(left[0]?.['count']).toBe(0);
});
