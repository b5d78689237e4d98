import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type DatabaseHandle, type DatabaseOptions } from '#db/client.ts';
import { users } from '#db/schema/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedGeneration, seedUser } from '#tests/support/seed.ts';

let database: TestDatabase;
const handles: DatabaseHandle[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.close()));
  await database.drop();
});

function open(options: Partial<DatabaseOptions> = {}): DatabaseHandle {
  const handle = openDatabase({ url: database.url, ...options });
  handles.push(handle);
  return handle;
}
const setting = async (handle: DatabaseHandle, name: string) => (await handle.db.execute(sql`select current_setting(${name}) as value`))[0]?.['value'];

test('every connection carries the limits and the name by which an operator knows it', async () => {
  const handle = open({ applicationName: 'adtrobot-example', statementTimeoutMs: 1_234 });
  for (const name of ['application_name', 'statement_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit']) {
    const [row] = await handle.sql`select current_setting(${name}) as value`;
    expect(await setting(handle, name), name).toBe(row?.['value']);
  }
  expect(await setting(handle, 'application_name')).toBe('adtrobot-example');
  expect(await setting(handle, 'statement_timeout')).toBe('1234ms');
});

test('commits are durable unless it is said otherwise', async () => {
  const [server] = await database.handle.sql`select reset_val as value from pg_settings where name = 'synchronous_commit'`;
  expect(await setting(open(), 'synchronous_commit')).toBe(server?.['value']);
  expect(await setting(open({ isCommitDurable: false }), 'synchronous_commit')).toBe('off');
});

test('opening connects to nothing', async () => {
  open({ url: 'postgres://postgres@localhost/adtrobot?host=/nonexistent' });
  open({ applicationName: 'idle-from-the-start' });
  await sleep(50);
  expect(await database.handle.sql`select 1 from pg_stat_activity where application_name = 'idle-from-the-start'`).toHaveLength(0);
});

test('the pool opens no more connections than it may, and serves everybody all the same', async () => {
  const handle = open({ maxConnections: 3, applicationName: 'bounded' });
  const asks = Array.from({ length: 12 }, () => handle.db.execute(sql`select pg_sleep(0.02), pg_backend_pid() as pid`));
  const pids = (await Promise.all(asks)).map((rows) => rows[0]?.['pid']);
  expect(pids).toHaveLength(12);
  expect(new Set(pids).size).toBeLessThanOrEqual(3);
});

test('a probe is answered while the whole pool is busy', async () => {
  const handle = open({ maxConnections: 2 });
  const { sql: holder } = database.handle;
  await holder`select pg_advisory_lock(1)`;
  let isBusy = true;
  const busy = Promise.all([1, 2].map(() => handle.db.execute(sql`select pg_advisory_xact_lock(1)`))).then(() => (isBusy = false));
  await expect.poll(() => holder`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`).toHaveLength(2);
  expect(await handle.sql`select 1 as one`).toEqual([{ one: 1 }]);
  expect(isBusy).toBe(true);
  await holder`select pg_advisory_unlock(1)`;
  await busy;
});

test('closing twice is closing once, and what was asked before is still answered', async () => {
  const handle = open();
  await handle.db.execute(sql`select 1`);
  const asked = handle.db.execute(sql`select pg_sleep(0.3), 7 as seven`).execute();
  await sleep(50);
  await Promise.all([handle.close(), handle.close(), asked]);
  expect((await asked)[0]?.['seven']).toBe(7);
  await expect(handle.db.execute(sql`select 1`).execute()).rejects.toThrow();
});

test('a transaction that fails leaves nothing, and its connection goes on working', async () => {
  const handle = open({ maxConnections: 1 });
  const failing = handle.db.transaction(async (tx) => {
    await seedUser(tx);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await handle.db.$count(users)).toBe(0);
});

test('money, instants and large ids come back exactly as they were stored', async () => {
  const { db } = open();
  const startedAt = new Date('2026-11-20T12:34:56.789Z');
  const requestId = await seedGeneration(db, { startedAt, costUsd: '12345678.000000000001', userId: 9_007_199_254_740_991 });
  const [row] = await db.query.aiUsage.findMany();
  expect(row).toMatchObject({ requestId, startedAt, costUsd: '12345678.000000000001', userId: 9_007_199_254_740_991 });
});

test('in a session of any time zone an instant is the same instant', async () => {
  const { db } = open();
  const at = new Date('2026-03-29T01:30:00.001Z');
  await seedUser(db, at);
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local time zone 'Pacific/Apia'`);
    expect((await tx.select({ at: users.createdAt }).from(users))[0]?.at).toEqual(at);
  });
});
