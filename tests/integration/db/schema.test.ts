import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as schema from '#db/schema/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const tables = Object.values(schema).filter((value) => is(value, PgTable)).map((table) => getTableConfig(table));

/** Types as the catalogue names them. */
const CATALOGUE_NAMES: Readonly<Record<string, string>> = { time: 'time without time zone' };

describe.each(tables)('the table $name is in Postgres what it is in code', ({ name, columns, checks, indexes, foreignKeys }) => {
  test('the same columns, of the same types, with a value required or defaulted alike', async () => {
    const rows = await database.handle.sql`
      select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required, a.atthasdef or a.attidentity <> '' as defaulted
      from pg_attribute a where a.attrelid = ${name}::regclass and a.attnum > 0 and not a.attisdropped`;
    const inDatabase = rows.map((row) => ({ ...row })).sort((a, b) => String(a['name']).localeCompare(String(b['name'])));
    const inCode = columns.map((column) => ({
      name: column.name,
      type: CATALOGUE_NAMES[column.getSQLType()] ?? column.getSQLType().replace(', ', ','),
      required: column.notNull,
      defaulted: column.hasDefault || column.generatedIdentity !== undefined,
    }));
    expect(inDatabase).toEqual(inCode.sort((a, b) => a.name.localeCompare(b.name)));
  });

  test('the same checks, indexes and references, by name', async () => {
    const { sql } = database.handle;
    const constraints = await sql`select conname as name from pg_constraint where conrelid = ${name}::regclass and contype in ('c', 'f') order by 1`;
    const inCode = [...checks.map((check) => check.name), ...foreignKeys.map((key) => key.getName())];
    expect(constraints.map((row) => row['name'])).toEqual(inCode.sort());
    const found = await sql`
      select indexrelid::regclass::text as name from pg_index i where indrelid = ${name}::regclass
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by 1`;
    expect(found.map((row) => row['name'])).toEqual(indexes.map((index) => index.config.name ?? '').sort());
  });
});

test('no table of the database is unknown to the code', async () => {
  const rows = await database.handle.sql`select relname as name from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace order by 1`;
  expect(rows.map((row) => row['name'])).toEqual(tables.map(({ name }) => name).sort());
});

test('money has twelve places and instants have a time zone, in every table', async () => {
  const columns = tables.flatMap((table) => table.columns.map((column) => ({ name: column.name, type: column.getSQLType() })));
  expect(columns.filter(({ name, type }) => name.endsWith('_usd') && type !== 'numeric(20, 12)')).toEqual([]);
  expect(columns.filter(({ name, type }) => (name.endsWith('_at') || name.endsWith('_until')) && type !== 'timestamp with time zone')).toEqual([]);
});

test('nothing refers to a user by Telegram’s id', () => {
  const holders = tables.filter((table) => table.columns.some((column) => column.name.includes('telegram_user_id')));
  expect(holders.map(({ name }) => name)).toEqual(['users']);
});
