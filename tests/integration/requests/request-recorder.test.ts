import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type DatabaseHandle } from '#db/client.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { createRequestRecorder, type RequestRecorder } from '#server/services/requests/request-recorder.ts';
import { findOutcome } from '#server/services/requests/append-requests.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startPostgresLink, type PostgresLink } from '#tests/support/postgres-link.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const REQUEST = { handler: '/monitoring', method: 'GET', status: '2xx', durationMs: 12.5 } as const;
const LOCK_KEY = 77;

let database: TestDatabase;
let link: PostgresLink;
let linked: DatabaseHandle;
let recorder: RequestRecorder;
beforeEach(async () => {
  database = await createTestDatabase();
  link = await startPostgresLink(database.url);
  linked = openDatabase({ url: link.url, maxConnections: 2 });
  recorder = createRequestRecorder({ db: linked.db, clock: fixedClock(NOW) });
});
afterEach(async () => {
  link.set('up');
  await linked.close();
  await link.close();
  await database.drop();
});

async function readCount(): Promise<number> {
  const [row] = await database.handle.sql<{ n: number }[]>`select coalesce(sum(request_count), 0)::int as n from http_deltas`;
  return row?.n ?? 0;
}

/** The pool may hold a connection that was cut: then the next flush gets another one. */
async function flushInTheEnd(): Promise<void> {
  await expect.poll(() => recorder.flush().then(() => 'written', () => 'not yet'), { timeout: 10_000 }).toBe('written');
}

/** Makes each commit of counts wait for a lock that the test holds; gives how to let go of it. */
async function holdCommits(): Promise<() => Promise<void>> {
  const { sql } = database.handle;
  await sql.unsafe(`
    create function wait_for_test() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(${LOCK_KEY}); return null; end $$;
    create constraint trigger wait_for_test after insert on http_deltas deferrable initially deferred for each row execute function wait_for_test()`);
  await sql`select pg_advisory_lock(${LOCK_KEY})`;
  return async () => void (await sql`select pg_advisory_unlock(${LOCK_KEY})`);
}

const waitingPids = async () => {
  const rows = await database.handle.sql<{ pid: number }[]>`select pid from pg_locks where locktype = 'advisory' and objid = ${LOCK_KEY} and not granted`;
  return rows.map(({ pid }) => pid);
};

/** Begins to write, up to the commit; gives what tells how it ended. */
async function startFlush(): Promise<() => Promise<string>> {
  const flushing = Promise.allSettled([recorder.flush()]);
  await expect.poll(waitingPids, { timeout: 10_000 }).toHaveLength(1);
  return async () => (await flushing)[0].status;
}

test('requests of the same labels are one row of their five minutes, with the bins of their durations', async () => {
  for (const durationMs of [12.5, 12.6, 0.2, null]) recorder.record({ ...REQUEST, durationMs });
  recorder.record({ ...REQUEST, status: '5xx' });
  await recorder.flush();
  const rows = await database.handle.sql`select at, handler, method, status, request_count, bins, counts from http_deltas order by status`;
  expect([...rows]).toEqual([
    { at: new Date('2026-11-03T12:30:00Z'), handler: '/monitoring', method: 'GET', status: '2xx', request_count: 4, bins: [44, 0], counts: ['2', '1'] },
    { at: new Date('2026-11-03T12:30:00Z'), handler: '/monitoring', method: 'GET', status: '5xx', request_count: 1, bins: [44], counts: ['1'] },
  ]);
});

test('without requests nothing is written', async () => {
  await recorder.flush();
  link.set('away');
  await recorder.flush();
  expect(await readCount()).toBe(0);
});

test('what could not be written is written by the next flush, with what came meanwhile', async () => {
  recorder.record(REQUEST);
  link.set('away');
  await expect(recorder.flush()).rejects.toThrow();
  recorder.record(REQUEST);
  await expect(recorder.flush()).rejects.toThrow();
  link.set('up');
  await flushInTheEnd();
  expect(await readCount()).toBe(2);
});

test('counts whose commit went through while its answer was lost are not written a second time', async () => {
  const letGo = await holdCommits();
  recorder.record(REQUEST);
  const ended = await startFlush();
  link.set('frozen');
  await letGo();
  await expect.poll(readCount, { timeout: 10_000 }).toBe(1);
  link.set('away');
  expect(await ended()).toBe('rejected');
  link.set('up');
  await flushInTheEnd();
  expect(await readCount()).toBe(1);
});

test('while a lost transaction is undecided its counts wait, and are there once in the end', async () => {
  const letGo = await holdCommits();
  recorder.record(REQUEST);
  const ended = await startFlush();
  link.set('away');
  expect(await ended()).toBe('rejected');
  link.set('up');
  await expect(recorder.flush()).rejects.toThrow('has not decided yet');
  await letGo();
  await expect.poll(readCount, { timeout: 10_000 }).toBe(1);
  await recorder.flush();
  expect(await readCount()).toBe(1);
});

test('counts whose transaction was rolled back are written again', async () => {
  const letGo = await holdCommits();
  recorder.record(REQUEST);
  const ended = await startFlush();
  const [pid = 0] = await waitingPids();
  await database.handle.sql`select pg_terminate_backend(${pid})`;
  expect(await ended()).toBe('rejected');
  // It says that it ends before it rolls back, and is gone after.
  await expect.poll(() => database.handle.sql`select from pg_stat_activity where pid = ${pid}`).toHaveLength(0);
  expect(await readCount()).toBe(0);
  await letGo();
  await recorder.flush();
  expect(await readCount()).toBe(1);
});

test('a transaction from another life of the database counts as one that never was', async () => {
  expect(await findOutcome(linked.db, '999999999999')).toBe('aborted');
});
