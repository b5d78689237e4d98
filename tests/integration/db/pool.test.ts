import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type DatabaseHandle, type DatabaseOptions } from '#db/client.ts';
import { DatabaseUnavailable } from '#db/pool/database-unavailable.ts';
import { users } from '#db/schema/index.ts';
import { classifyDatabaseFailure } from '#server/services/inbox/database-failure.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';
import { startTcpProxy, type TcpProxy } from '#tests/support/tcp-proxy.ts';

/*
 * What becomes of statements when Postgres, or the way to it, is sick: every one ends in bounded time, and none of them
 * ends up where it does not belong.
 */
let database: TestDatabase;
let proxy: TcpProxy;
const handles: DatabaseHandle[] = [];
const uncaught: unknown[] = [];
const onUncaught = (error: unknown): void => void uncaught.push(error);

beforeEach(async () => {
  process.on('uncaughtException', onUncaught);
  database = await createTestDatabase();
  proxy = await startTcpProxy({ path: join(new URL(database.url).searchParams.get('host') ?? '', '.s.PGSQL.5432') });
});
afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.close()));
  await proxy.close();
  await database.drop();
  process.off('uncaughtException', onUncaught);
  expect(uncaught.splice(0)).toEqual([]);
});

function open(options: Partial<DatabaseOptions> = {}): DatabaseHandle {
  const url = new URL(database.url);
  const handle = openDatabase({ url: `postgres://postgres@127.0.0.1:${proxy.port}${url.pathname}`, statementTimeoutMs: 1_000, ...options });
  handles.push(handle);
  return handle;
}

const selectOne = ({ db }: DatabaseHandle) => db.execute(sql`select 1 as one`).execute();
const pidOf = async ({ db }: DatabaseHandle) => Number((await db.execute(sql`select pg_backend_pid() as pid`))[0]?.['pid']);

/** How a piece of work fails, and after how long. */
async function failureOf(work: PromiseLike<unknown>) {
  const startedMs = performance.now();
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  const codes: unknown[] = [];
  for (let current = error; current instanceof Error; current = current.cause) codes.push('code' in current ? current.code : null);
  return { codes, kind: classifyDatabaseFailure(error), afterMs: performance.now() - startedMs };
}

/** Waits until nothing of the handle is in use. */
const settled = async (handle: DatabaseHandle) => expect.poll(() => handle.countConnections().active).toBe(0);

describe('a link that swallows everything', () => {
  it('fails its statements with a typed error at their limit, and a new connection is made when it is sound again', async () => {
    const handle = open();
    await selectOne(handle);
    proxy.swallow('up', 'down');
    const { codes, kind, afterMs } = await failureOf(selectOne(handle));
    expect(codes).toContain('CONNECTION_SILENT');
    expect(kind).toBe('transient');
    expect(afterMs).toBeGreaterThan(2_900);
    expect(afterMs).toBeLessThan(4_000);
    proxy.heal();
    await expect.poll(async () => (await failureOf(selectOne(handle))).codes, { timeout: 2_000 }).toEqual([]);
  });

  it('also when it swallows only one direction', async () => {
    for (const direction of ['up', 'down'] as const) {
      const handle = open({ statementTimeoutMs: 100 });
      await selectOne(handle);
      proxy.swallow(direction);
      expect((await failureOf(selectOne(handle))).codes).toContain('CONNECTION_SILENT');
      proxy.heal();
    }
  });

  it('fails a new connection within the time for connecting, and a probe within two seconds', async () => {
    const handle = open();
    proxy.swallow('down');
    const [statement, probe] = await Promise.all([failureOf(selectOne(handle)), failureOf(handle.probe())]);
    expect(statement.codes).toContain('CONNECT_TIMEOUT');
    for (const { afterMs } of [statement, probe]) expect(afterMs).toBeLessThan(2_000);
  });

  it('lets a transaction end, and the work in it cannot write any more', async () => {
    const handle = open({ statementTimeoutMs: 200 });
    let late: Promise<{ codes: unknown[] }> | undefined;
    const transaction = handle.db.transaction(async (tx) => {
      await seedUser(tx);
      proxy.swallow('up', 'down');
      late = sleep(3_000).then(() => failureOf(seedUser(tx)));
      await tx.execute(sql`select 1`);
    });
    expect((await failureOf(transaction)).codes).toContain('CONNECTION_SILENT');
    proxy.heal();
    expect((await late)?.codes).toContain('CONNECTION_ENDED');
    await expect.poll(async () => (await failureOf(selectOne(handle))).codes, { timeout: 2_000 }).toEqual([]);
    expect(await handle.db.select().from(users)).toEqual([]);
  });

  it('is given up on at once for what has waited long enough when Postgres is known to be away', async () => {
    const handle = open({ statementTimeoutMs: 20_000 });
    await selectOne(handle);
    proxy.swallow('up', 'down');
    const waiting = failureOf(selectOne(handle));
    await sleep(100);
    handle.cutSilent();
    expect(handle.countConnections().active).toBe(1);
    await sleep(1_500);
    handle.cutSilent();
    const { codes, afterMs } = await waiting;
    expect(codes).toContain('CONNECTION_SILENT');
    expect(afterMs).toBeLessThan(2_500);
  });
});

describe('a handle that is to be closed soon', () => {
  it('finds out by itself that nothing answers any more, and lets nobody wait for it', async () => {
    const handle = open({ statementTimeoutMs: 20_000 });
    await selectOne(handle);
    handle.watchUntilClosed();
    expect((await handle.db.execute(sql`select pg_sleep(2.5), 1 as one`).execute())[0]?.['one']).toBe(1);
    proxy.swallow('up', 'down');
    const { codes, afterMs } = await failureOf(selectOne(handle));
    expect(codes).toContain('CONNECTION_SILENT');
    expect(afterMs).toBeLessThan(5_000);
  });
});

describe('a server that accepts and hangs up', () => {
  it('fails statements at once, and is not called again and again', async () => {
    const handle = open();
    proxy.hangUp();
    const before = proxy.connectionCount();
    const failures = await Promise.all([failureOf(selectOne(handle)), failureOf(handle.db.transaction((tx) => seedUser(tx))), failureOf(handle.probe())]);
    for (const { kind, afterMs } of failures) {
      expect(kind).toBe('transient');
      expect(afterMs).toBeLessThan(1_000);
    }
    await sleep(1_000);
    expect(proxy.connectionCount() - before).toBe(3);
  });

  it('is tried again only after a pause, however many ask', async () => {
    const handle = open();
    proxy.hangUp();
    const before = proxy.connectionCount();
    const endsAtMs = performance.now() + 1_000;
    while (performance.now() < endsAtMs) {
      await failureOf(selectOne(handle));
      await sleep(1);
    }
    expect(proxy.connectionCount() - before).toBeLessThanOrEqual(6);
    proxy.heal();
    await expect.poll(async () => (await failureOf(selectOne(handle))).codes).toEqual([]);
  });
});

describe('a connection that is lost', () => {
  it('in a transaction takes it with it: nothing is written, nobody else is disturbed, and the process goes on', async () => {
    const handle = open({ maxConnections: 2 });
    for (const end of [() => proxy.reset(), (pid: number) => void database.handle.sql`select pg_terminate_backend(${pid})`.then(() => undefined)]) {
      const transaction = handle.db.transaction(async (tx) => {
        await seedUser(tx);
        const [row] = await tx.execute(sql`select pg_backend_pid() as pid`);
        setTimeout(() => end(Number(row?.['pid'])), 50);
        await tx.execute(sql`select pg_sleep(0.9)`);
      });
      expect((await failureOf(transaction)).kind).toBe('transient');
      await Promise.all(Array.from({ length: 5 }, () => expect.poll(async () => (await failureOf(selectOne(handle))).codes).toEqual([])));
    }
    expect(await handle.db.select().from(users)).toEqual([]);
  });

  it('between two statements of a transaction lets none of those after it through', async () => {
    const handle = open({ maxConnections: 1 });
    const transaction = handle.db.transaction(async (tx) => {
      await seedUser(tx);
      proxy.reset();
      await sleep(100);
      await seedUser(tx).catch(() => undefined);
      await seedUser(tx).catch(() => undefined);
    });
    expect((await failureOf(transaction)).kind).toBe('transient');
    expect(await handle.db.select().from(users)).toEqual([]);
  });

  it('while idle is replaced without anybody noticing', async () => {
    const handle = open({ maxConnections: 1 });
    const first = await pidOf(handle);
    proxy.reset();
    await expect.poll(() => handle.countConnections().idle).toBe(0);
    expect(await pidOf(handle)).not.toBe(first);
  });
});

describe('a pool that is used up', () => {
  it('refuses who has waited too long, serves the others in their order, and still answers probes', async () => {
    const handle = open({ maxConnections: 2, waitMs: 2_000, statementTimeoutMs: 20_000 });
    const { sql: raw } = database.handle;
    await raw`select pg_advisory_lock(1)`;
    const busy = [1, 2].map(() => handle.db.execute(sql`select pg_advisory_xact_lock(1)`).execute());
    await expect.poll(() => raw`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`).toHaveLength(2);
    // Timers end in their order, however late both are.
    const early = await Promise.race([failureOf(selectOne(handle)), sleep(2_300, 'too late')]);
    expect(early).toMatchObject({ kind: 'transient', codes: expect.arrayContaining(['CONNECTION_BUSY']) });
    const late = failureOf(selectOne(handle));
    await handle.probe();
    expect(handle.countConnections()).toEqual({ active: 2, idle: 0, waiting: 1 });
    await raw`select pg_advisory_unlock(1)`;
    expect((await late).codes).toEqual([]);
    await Promise.all(busy);
    await settled(handle);
    expect(handle.countConnections()).toEqual({ active: 0, idle: 2, waiting: 0 });
  });

  it('has as many connections in Postgres as it says, and none after its end', async () => {
    const handle = open({ maxConnections: 3, applicationName: 'counted' });
    const inPostgres = async () => (await database.handle.sql`select 1 from pg_stat_activity where application_name = 'counted'`).length;
    expect([handle.countConnections(), await inPostgres()]).toEqual([{ active: 0, idle: 0, waiting: 0 }, 0]);
    await Promise.all(Array.from({ length: 8 }, () => selectOne(handle)));
    const { idle } = handle.countConnections();
    expect(idle).toBe(3);
    expect(await inPostgres()).toBe(3);
    await handle.close();
    await expect.poll(inPostgres).toBe(0);
    expect((await failureOf(selectOne(handle))).codes).toContain('CONNECTION_ENDED');
  });

  it('is refused by Postgres itself, and says so, without losing the connections that it has', async () => {
    const handle = open({ maxConnections: 3 });
    const { sql: raw } = database.handle;
    await selectOne(handle);
    const name = new URL(database.url).pathname.slice(1);
    await raw`alter database ${raw(name)} connection limit 0`;
    await raw`create role guest login`;
    const guest = openDatabase({ url: `postgres://guest@127.0.0.1:${proxy.port}/${name}` });
    handles.push(guest);
    expect((await failureOf(selectOne(guest))).codes).toContain('53300');
    expect((await failureOf(selectOne(handle))).codes).toEqual([]);
    await raw`drop role guest`;
  });
});

describe('a transaction', () => {
  it('in which a statement failed is undone, though the work went on as if nothing had happened', async () => {
    const handle = open();
    const transaction = handle.db.transaction(async (tx) => {
      await seedUser(tx);
      await tx.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    expect((await failureOf(transaction)).codes).toContain('22012');
    expect(await handle.db.select().from(users)).toEqual([]);
    await settled(handle);
  });

  it('takes back what a part of it did when that part fails, and keeps the rest', async () => {
    const handle = open();
    await handle.db.transaction(async (tx) => {
      await seedUser(tx);
      await tx.transaction(async (part) => {
        await seedUser(part);
        throw new Error('not this one');
      }).catch(() => undefined);
      await tx.transaction((part) => seedUser(part));
    });
    expect(await handle.db.select().from(users)).toHaveLength(2);
  });

  it('sends statements that are awaited together one after the other, in the order of the words', async () => {
    const handle = open();
    const seen = await handle.db.transaction(async (tx) => {
      const [, found] = await Promise.all([tx.execute(sql`select set_config('test.order', 'first', true)`), tx.select({ value: sql<string>`current_setting('test.order')` }).from(sql`(values (1)) as one`)]);
      return found[0]?.value;
    });
    expect(seen).toBe('first');
  });
});

describe('closing', () => {
  it('does not wait for a server that says nothing', async () => {
    const handle = open();
    await selectOne(handle);
    proxy.swallow('up', 'down');
    const startedMs = performance.now();
    await handle.close();
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  it('cuts what does not end within five seconds', async () => {
    const handle = open({ statementTimeoutMs: 60_000 });
    const running = failureOf(handle.db.execute(sql`select pg_sleep(30)`).execute());
    await sleep(100);
    const startedMs = performance.now();
    await handle.close();
    expect(performance.now() - startedMs).toBeLessThan(6_000);
    expect((await running).codes).toContain('CONNECTION_ENDED');
  });
});

it('an outage says in words what happened, and keeps its cause', () => {
  const cause = new Error('socket');
  const error = new DatabaseUnavailable('CONNECTION_LOST', cause);
  expect([error.name, error.message, error.cause]).toEqual(['DatabaseUnavailable', 'The connection to Postgres was lost', cause]);
});
