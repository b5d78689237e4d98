import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { connectPostgres } from '#db/connect.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { createEmptyDatabase } from '#tests/support/database.ts';
import { eventually } from '#tests/support/processes.ts';

const FOLDER = 'db/migrations';
const Journal = z.looseObject({ entries: z.array(z.looseObject({ idx: z.number(), when: z.number(), tag: z.string() })) });

let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
let sql: postgres.Sql;
let root: string;
beforeEach(async () => {
  empty = await createEmptyDatabase();
  sql = connectPostgres(empty.url, { max: 2, onnotice: () => undefined });
  root = await mkdtemp(join(tmpdir(), 'adtrobot-migrations-'));
});
afterEach(async () => {
  await sql.end({ timeout: 5 });
  await empty.drop();
  await rm(root, { recursive: true, force: true });
});

/** The migrations of this program, and one more. */
async function folderWith(statements: string): Promise<string> {
  await cp(FOLDER, root, { recursive: true });
  const path = join(root, 'meta', '_journal.json');
  const journal = Journal.parse(JSON.parse(await readFile(path, 'utf8')));
  const last = journal.entries.at(-1);
  if (!last) throw new Error('there are migrations');
  const entry = { ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' };
  await writeFile(path, JSON.stringify({ ...journal, entries: [...journal.entries.filter(({ tag }) => tag !== entry.tag), entry] }));
  await writeFile(join(root, '9999_next.sql'), statements);
  return root;
}

/** The migrations of this program up to one of them. */
async function folderUpTo(tag: string): Promise<string> {
  await cp(FOLDER, root, { recursive: true });
  const path = join(root, 'meta', '_journal.json');
  const journal = Journal.parse(JSON.parse(await readFile(path, 'utf8')));
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.filter((entry) => entry.tag <= tag) }));
  return root;
}

const tables = async () => (await sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`).map((row) => String(row['name']));
const countWaiting = async () => (await sql`select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`).length;
const applied = async () => Number((await sql`select count(*)::int as count from drizzle.__drizzle_migrations`)[0]?.['count']);

test('an empty database gets all migrations, and partitions for last month, this one and the next three', async () => {
  await migrateDatabase(empty.url, FOLDER);
  const journal = Journal.parse(JSON.parse(await readFile(join(FOLDER, 'meta', '_journal.json'), 'utf8')));
  expect(await applied()).toBe(journal.entries.length);
  const now = new Date();
  const months = [-1, 0, 1, 2, 3].map((offset) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)));
  const expected = months.map((month) => `interactions_${month.toISOString().slice(0, 7).replace('-', '_')}`);
  expect((await tables()).filter((name) => name.startsWith('interactions_'))).toEqual(expected);
});

test('a second start changes nothing and keeps the rows, but makes partitions anew', async () => {
  await migrateDatabase(empty.url, FOLDER);
  const before = { tables: await tables(), applied: await applied() };
  await sql`insert into users (telegram_user_id, language, created_at, last_active_at) values (7000000001, 'ru', now(), now())`;
  await sql.unsafe(`drop table ${before.tables.findLast((name) => name.startsWith('interactions_')) ?? ''}`);
  await migrateDatabase(empty.url, FOLDER);
  expect({ tables: await tables(), applied: await applied() }).toEqual(before);
  expect(await sql`select 1 from users`).toHaveLength(1);
});

test('a migration that fails leaves nothing of itself, nor of those that came with it', async () => {
  const folder = await folderWith('create table half_done ();--> statement-breakpoint\nselect 1 / 0;');
  await expect(migrateDatabase(empty.url, folder)).rejects.toThrow();
  expect(await tables()).toEqual([]);
  expect(await applied()).toBe(0);
});

test('a migration that fails leaves an earlier version as it was, and works once it is mended', async () => {
  await migrateDatabase(empty.url, FOLDER);
  const before = { tables: await tables(), applied: await applied() };
  const broken = await folderWith('create table half_done ();--> statement-breakpoint\nselect * from no_such_table;');
  await expect(migrateDatabase(empty.url, broken)).rejects.toThrow();
  expect({ tables: await tables(), applied: await applied() }).toEqual(before);
  await migrateDatabase(empty.url, await folderWith('create table added ();'));
  expect(await tables()).toEqual([...before.tables, 'added'].sort());
  expect(await applied()).toBe(before.applied + 1);
});

test('a start waits for a migration that another process is at', async () => {
  await migrateDatabase(empty.url, FOLDER);
  const folder = await folderWith('select pg_advisory_xact_lock(1);--> statement-breakpoint\ncreate table slow ();');
  const holder = await sql.reserve();
  await holder`select pg_advisory_lock(1)`;
  const slow = migrateDatabase(empty.url, folder);
  await eventually('the migration to be under way', async () => (await countWaiting()) === 1);
  const start = migrateDatabase(empty.url, FOLDER);
  await eventually('the start to wait', async () => (await countWaiting()) === 2);
  await holder`select pg_advisory_unlock(1)`;
  holder.release();
  await start;
  expect(await tables()).toContain('slow');
  await slow;
});

test('a failed migration holds up no other start', async () => {
  const folder = await folderWith('select 1 / 0;');
  const starts = await Promise.allSettled([1, 2, 3].map(() => migrateDatabase(empty.url, folder)));
  expect(starts.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await migrateDatabase(empty.url, FOLDER);
  expect(await tables()).toContain('ai_usage');
  expect(await sql`select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`).toHaveLength(0);
});

test('no connection is left behind, whether it went well or not', async () => {
  await migrateDatabase(empty.url, FOLDER);
  await expect(migrateDatabase(empty.url, join(root, 'nowhere'))).rejects.toThrow();
  const mine = async () => (await sql`select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`).length;
  // A backend needs a moment to notice that its client has gone; our second connection may be one of them.
  await expect.poll(mine).toBeLessThanOrEqual(1);
});

test('sets of users are what they were when those of active hours are moved, and these are unpacked', async () => {
  await migrateDatabase(empty.url, await folderUpTo('0003_rollups'));
  await sql`
    insert into user_sets (level, starts_at, kind, key, chunk, users)
    select level, '2026-11-16', kind, case kind when 'failed' then 'tarot/ai_failed' else '' end, chunk, set_bit(set_bit(repeat('0', 32768)::bit(32768), 7 * level + chunk, 1), 32767, 1)
    from generate_series(0, 3) level, generate_series(0, 1) chunk, unnest(array['active', 'failed', 'new']) kind`;
  const sets = () => sql`select level, starts_at, kind, key, chunk, md5(users::text) as users from user_sets order by 1, 2, 3, 4, 5`;
  const before = await sets();
  expect(before).toHaveLength(24);
  await migrateDatabase(empty.url, FOLDER);
  expect(await sets()).toEqual(before);
  const sizes = await sql`select kind, level, max(pg_column_size(users)) as bytes from user_sets where level = 1 group by 1, 2 order by 1`;
  expect(sizes.map(({ kind, bytes }) => [kind, Number(bytes) > 4_096])).toEqual([['active', true], ['failed', false], ['new', false]]);
  await expect(sql`insert into user_sets select * from user_sets where level = 1 and kind = 'active'`).rejects.toThrow('duplicate key');
});

test('a report under way is neither killed by the migration of its tables, nor kills it', async ({ onTestFinished }) => {
  await migrateDatabase(empty.url, await folderUpTo('0003_rollups'));
  const reader = connectPostgres(empty.url, { max: 1, onnotice: () => undefined });
  onTestFinished(() => reader.end({ timeout: 5 }));
  const migration = Promise.withResolvers<void>();
  await reader.begin('isolation level repeatable read read only', async (tx) => {
    await tx`select time_zone from rollup_state`;
    await tx`select count(*) from user_sets where kind = 'active'`;
    migrateDatabase(empty.url, FOLDER).then(migration.resolve, migration.reject);
    await eventually('the migration to wait', async () => (await countWaiting()) > 0);
    await tx`select count(*) from payer_costs where level = 3`;
  });
  await migration.promise;
  expect(await tables()).toContain('user_sets_hours_active');
});
