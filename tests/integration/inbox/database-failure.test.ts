import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '#db/client.ts';
import { users } from '#db/schema/index.ts';
import { classifyDatabaseFailure } from '#server/services/inbox/database-failure.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';
import { findFreePort } from '#tests/support/processes.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 2_000 });
});
afterAll(() => database.drop());

/** What a rejected piece of work is called. */
async function failureOf(work: PromiseLike<unknown>): Promise<string | null> {
  return work.then(
    () => 'no failure',
    (error: unknown) => classifyDatabaseFailure(error),
  );
}

const query = (db: Database) => db.select().from(users).execute();
const transaction = (db: Database) => db.transaction((tx) => tx.select().from(users));

/** Both ways in which services use the pool: they fail through different wrappers. */
async function failuresAt(url: string): Promise<readonly (string | null)[]> {
  const handle = openDatabase({ url });
  try {
    return [await failureOf(query(handle.db)), await failureOf(transaction(handle.db))];
  } finally {
    await handle.close();
  }
}

test('a database that refuses connections may be back soon, for a query and for a transaction alike', async () => {
  expect(await failuresAt(`postgres://postgres@127.0.0.1:${await findFreePort()}/adtrobot`)).toEqual(['transient', 'transient']);
});

test('a socket that is not there is a Postgres that is being started again', async () => {
  expect(await failuresAt('postgres://postgres@localhost/adtrobot?host=/nonexistent')).toEqual(['transient', 'transient']);
});

test('a name that cannot be resolved may be resolved later', async () => {
  expect(await failuresAt('postgres://postgres@database.invalid/adtrobot')).toEqual(['transient', 'transient']);
});

test('a pool that was closed under its user is a connection that is gone', async () => {
  const handle = openDatabase({ url: database.url });
  await handle.close();
  expect(await failureOf(query(handle.db))).toBe('transient');
  expect(await failureOf(transaction(handle.db))).toBe('transient');
});

test('a connection that an administrator ends takes its statement with it, and the next statement works', async () => {
  const { db, sql: raw } = database.handle;
  const running = failureOf(db.execute(sql`select pg_sleep(5)`).execute());
  const sleeping = () => raw`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(5)%' and pid <> pg_backend_pid()`;
  while ((await sleeping()).length === 0);
  expect(await running).toBe('transient');
  expect(await failureOf(query(db))).toBe('no failure');
});

test('a statement that runs too long is cancelled and may be tried again', async () => {
  expect(await failureOf(database.handle.db.execute(sql`select pg_sleep(10)`).execute())).toBe('transient');
});

test('of two transactions that wait for each other, the one that is sacrificed may be tried again', async () => {
  const { db } = database.handle;
  const [a, b] = [await seedUser(db), await seedUser(db)];
  let arrived = 0;
  let open = (): void => undefined;
  const bothHaveOne = new Promise<void>((resolve) => (open = resolve));
  const touch = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`update users set language = 'en' where id = ${first}`);
      arrived += 1;
      if (arrived === 2) open();
      await bothHaveOne;
      await tx.execute(sql`update users set language = 'en' where id = ${second}`);
    });
  expect([await Promise.all([failureOf(touch(a, b)), failureOf(touch(b, a))])].flat().sort()).toEqual(['no failure', 'transient']);
});

test('what is wrong with the statement itself is permanent', async () => {
  const { db } = database.handle;
  expect(await failureOf(db.execute(sql`select * from no_such_table`).execute())).toBe('permanent');
  expect(await failureOf(db.execute(sql`select 1 / 0`).execute())).toBe('permanent');
  const twice = { telegramUserId: 1, language: 'en', createdAt: new Date(), lastActiveAt: new Date() } as const;
  expect(await failureOf(db.insert(users).values([twice, twice]).execute())).toBe('permanent');
  expect(await failureOf(db.transaction((tx) => tx.execute(sql`select 1 / 0`)))).toBe('permanent');
});

test('an error of our own inside a transaction is not the database’s', async () => {
  expect(await failureOf(database.handle.db.transaction(() => Promise.reject(new TypeError('a bug'))))).toBeNull();
});
