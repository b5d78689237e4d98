import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateDatabase } from '#db/migrate.ts';
import { SCHEDULES, type ScheduleName } from '#server/contracts/schedules.ts';
import { createSchedulerCheck } from '#server/health/checks/scheduler.ts';
import { createSchedules } from '#server/jobs/schedules.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedInteraction, seedUser } from '#tests/support/seed.ts';

const DAY_MS = 86_400_000;
/** Months that no start has made: only the job does. */
const NOW = new Date('2041-01-30T03:05:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

let database: TestDatabase;
let userId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  userId = await seedUser(database.handle.db);
});
afterEach(() => database.drop());

const write = (at: Date) => seedInteraction(database.handle.db, { at, userId });

async function runJob(now: Date): Promise<void> {
  const urls = { budgetsUrl: 'http://localhost:3000/monitoring/budgets', overviewUrl: 'http://localhost:3000/monitoring' };
  const schedules = createSchedules({ db: database.handle.db, llm: null, drift: null, clock: fixedClock(now), reportingTimeZone: 'UTC', retention: { interactions: 0, ledger: 0 }, onDeleted: () => undefined, sendToOwner: null, ...urls });
  await schedules.find(({ name }) => name === 'make_partitions')?.run();
}

test('a row of the next month, and of any day of the next ninety, lands when the job ran a day ago', async () => {
  await runJob(inDays(-1));
  for (const at of [NOW, new Date('2041-01-31T23:59:59.999Z'), new Date('2041-02-01T00:00:00Z'), inDays(89)]) await write(at);
  expect(await database.handle.sql`select 1 from interactions`).toHaveLength(4);
});

test('a job that has failed for two months is still in time, and one that failed for four is made good by its next run', async () => {
  await runJob(NOW);
  await write(inDays(60));
  await expect(write(inDays(125))).rejects.toThrow();
  await runJob(inDays(125));
  await write(inDays(125));
  expect(await database.handle.sql`select 1 from interactions`).toHaveLength(2);
});

test('a start makes the months that are missing before anything is written', async () => {
  const { sql } = database.handle;
  const made = await sql<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'interactions'::regclass`;
  expect(made.length).toBeGreaterThanOrEqual(5);
  for (const { name } of made) await sql`drop table ${sql(name)}`;
  await expect(write(new Date())).rejects.toThrow();
  await migrateDatabase(database.url, join(import.meta.dirname, '../../../db/migrations'));
  for (const days of [-28, 0, 28, 88]) await write(new Date(Date.now() + days * DAY_MS));
  expect(await sql`select 1 from interactions`).toHaveLength(4);
});

test('health tells of a job that makes no months when there are still 87 days of them', async () => {
  const name: ScheduleName = 'make_partitions';
  const expected = SCHEDULES.filter((schedule) => schedule.name === name);
  let now = NOW;
  const check = createSchedulerCheck({ readLastRuns: () => Promise.resolve([{ schedule: name, lastSucceededAt: NOW }]), expected, clock: { now: () => now } });
  now = inDays(2);
  expect(await check.run(new AbortController().signal)).toMatchObject({ state: 'healthy' });
  now = inDays(3);
  expect(await check.run(new AbortController().signal)).toMatchObject({ state: 'unhealthy', detail: name });
});
