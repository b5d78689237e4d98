import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueueClient, type QueueClient } from '#db/queue-client.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
let client: QueueClient;
beforeEach(async () => {
  database = await createTestDatabase();
  client = openQueueClient(database.url);
});
afterEach(async () => {
  await client.close();
  await database.drop();
});

const one = async (text: string, values?: readonly unknown[]) => (await client.executeSql(text, values)).rows[0];

test('values arrive as they were given: JSON as text or as an object, instants as dates or as text, lists, numbers and nothing', async () => {
  const at = new Date('2026-11-20T06:00:00.123Z');
  const text = `select $1::jsonb as made, $2::jsonb as object, $3::timestamptz as date, $4::timestamptz as text, $5::text[] as list, $6::uuid[] as ids, $7::int as number, $8::text as nothing, $9::boolean as yes`;
  const id = '0199e5a0-0000-7000-8000-000000000001';
  const row = await one(text, ['{"a":[1]}', { b: 'ä' }, at, at.toISOString(), ['x', 'y,"z"'], [id], 7, undefined, true]);
  expect(row).toEqual({ made: { a: [1] }, object: { b: 'ä' }, date: at, text: at, list: ['x', 'y,"z"'], ids: [id], number: 7, nothing: null, yes: true });
});

test('a script gives the rows of all its statements, and commits', async () => {
  const { rows } = await client.executeSql(`begin; create table made (n int); insert into made values (1), (2) returning n; select 3 as n; commit`);
  expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(await one('select count(*)::int as count from made')).toEqual({ count: 2 });
});

test('a script that fails leaves nothing behind: no rows, and no transaction on its connection', async () => {
  await client.executeSql('create table made (n int)');
  for (let run = 0; run < 4; run += 1) await expect(client.executeSql(`begin; insert into made values (1); select 1 / 0; commit`)).rejects.toMatchObject({ code: '22012' });
  const results = await Promise.all(Array.from({ length: 6 }, () => one('select count(*)::int as count from made')));
  expect(results).toEqual(Array.from({ length: 6 }, () => ({ count: 0 })));
});

test('an error keeps the code of Postgres, by which the queue knows a lost race', async () => {
  await client.executeSql('create table made (n int primary key)');
  await client.executeSql('insert into made values ($1)', [1]);
  await expect(client.executeSql('insert into made values ($1)', [1])).rejects.toMatchObject({ code: '23505' });
});

test('nothing is left in a session that another statement could come to rely on', async () => {
  await one('select $1::int as n', [1]);
  await one('select $1::int as n', [1]);
  expect(await one('select count(*)::int as count from pg_prepared_statements')).toEqual({ count: 0 });
});
