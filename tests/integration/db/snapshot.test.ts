import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Executor } from '#db/client.ts';
import { inSnapshot } from '#db/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const SPARE = () => true;
const look = (executor: Executor) => executor.execute<{ pid: number; users: number }>(sql`select pg_backend_pid() as pid, (select count(*)::int from users) as users from pg_sleep(0.05)`);
const lookOften = async (executor: Executor, count = 8) => (await Promise.all(Array.from({ length: count }, () => look(executor)))).flatMap((rows) => [...rows]);
const pidsOf = (looks: readonly { readonly pid: number }[]) => new Set(looks.map(({ pid }) => pid)).size;

test('two connections answer, and both see what was there at the start, whatever is committed meanwhile', async () => {
  const { db } = database.handle;
  await seedUser(db);
  const looks = await inSnapshot(
    db,
    async (executor) => {
      const [first] = await Promise.all([lookOften(executor), seedUser(db)]);
      return [...first, ...(await lookOften(executor))];
    },
    SPARE,
  );
  expect(pidsOf(looks)).toBe(2);
  expect(looks.map(({ users }) => users)).toEqual(Array.from({ length: 16 }, () => 1));
  expect(await look(db)).toMatchObject([{ users: 2 }]);
});

test('without a spare connection one answers everything, in a snapshot likewise', async () => {
  const looks = await inSnapshot(database.handle.db, (executor) => lookOften(executor));
  expect(pidsOf(looks)).toBe(1);
});

test('a second connection that never comes is not waited for', async () => {
  const single = await createTestDatabase({ maxConnections: 1 });
  try {
    expect(pidsOf(await inSnapshot(single.handle.db, (executor) => lookOften(executor, 3), SPARE))).toBe(1);
    expect(await single.handle.db.execute(sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
  } finally {
    await single.drop();
  }
});

test('many readers at once, each of whom wants a second connection, all come to their end', async () => {
  const readers = Array.from({ length: 20 }, () => inSnapshot(database.handle.db, (executor) => lookOften(executor, 2), SPARE));
  expect((await Promise.all(readers)).map((looks) => looks.length)).toEqual(Array.from({ length: 20 }, () => 2));
  await expect.poll(() => database.handle.countConnections()).toMatchObject({ active: 0, waiting: 0 });
});

test('a statement that fails fails the read with its own error, and leaves no connection in a transaction', async () => {
  const { db } = database.handle;
  const read = inSnapshot(db, (executor) => Promise.all([lookOften(executor), executor.execute(sql`select 1 / (select count(*) from users)`), lookOften(executor)]), SPARE);
  await expect(read).rejects.toMatchObject({ cause: { message: 'division by zero' } });
  await expect.poll(() => database.handle.countConnections()).toMatchObject({ active: 0, waiting: 0 });
  expect(await db.execute(sql`select pid from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`)).toEqual([]);
  expect(pidsOf(await inSnapshot(db, (executor) => lookOften(executor), SPARE))).toBe(2);
});

test('a statement that cannot even be written down fails the read like any other', async () => {
  const broken = { getSQL: () => { throw new Error('no such column'); } };
  for (const hasSpare of [() => false, SPARE]) {
    await expect(inSnapshot(database.handle.db, (executor) => Promise.all([look(executor), executor.execute(broken)]), hasSpare)).rejects.toThrow('no such column');
  }
  expect(pidsOf(await inSnapshot(database.handle.db, (executor) => lookOften(executor), SPARE))).toBe(2);
});

test('both connections have the settings of a reader, and nothing can be written by either', async () => {
  const settings = (executor: Executor) =>
    executor.execute(sql`select current_setting('jit') as jit, current_setting('max_parallel_workers_per_gather') as workers, current_setting('work_mem') as memory,
      current_setting('transaction_read_only') as is_read_only from pg_sleep(0.05)`);
  const told = await inSnapshot(database.handle.db, (executor) => Promise.all(Array.from({ length: 6 }, () => settings(executor))), SPARE);
  expect(told.flatMap((rows) => [...rows])).toEqual(Array.from({ length: 6 }, () => ({ jit: 'off', workers: '0', memory: '16MB', is_read_only: 'on' })));
});
