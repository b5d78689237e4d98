import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from '#tests/support/database.ts';
import { migrateDatabase } from '#db/migrate.ts';

test('every test database is migrated, empty and its own', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await first.handle.sql`create table mine ()`;
  const tables = await second.handle.db.execute(sql`select tablename from pg_tables where schemaname = 'public'`);
  expect(tables.map((row) => row['tablename'])).toContain('ai_usage');
  expect(tables.map((row) => row['tablename'])).not.toContain('mine');
  await Promise.all([first.drop(), second.drop(), second.drop()]);
});

test('replicas that start together on an empty database migrate it once', async () => {
  const empty = await createEmptyDatabase();
  await Promise.all(Array.from({ length: 4 }, () => migrateDatabase(empty.url, 'db/migrations')));
  await migrateDatabase(empty.url, 'db/migrations');
  await empty.drop();
});
