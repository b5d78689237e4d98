import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { connectPostgres } from '#db/connect.ts';
import { admins, driftChecks, inbox, loginAttempts, scheduleRuns, sessions, setupCodes } from '#db/schema/index.ts';
import { deleteExpired } from '#server/services/maintenance/delete-expired.ts';
import { makePartitions } from '#server/services/maintenance/make-partitions.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedInteraction, seedUser } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
/** `days` before now, and a millisecond more or less. */
const ago = (days: number, besideMs = 0) => new Date(NOW.getTime() - days * DAY_MS - besideMs);
let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
});
afterEach(() => database.drop());

const idsOf = async (table: 'inbox' | 'schedule_runs' | 'login_attempts' | 'sessions' | 'setup_codes', column: string) => {
  const { sql } = database.handle;
  return (await sql`select ${sql(column)}::text as id from ${sql(table)} order by 1`).map((row) => row['id']);
};
const partitions = async () => {
  const rows = await database.handle.sql<{ name: string; bounds: string }[]>`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'interactions'::regclass order by 1`;
  return new Map(rows.map(({ name, bounds }) => [name, bounds]));
};

test('of the inbox, only updates that ended more than a week ago go; what is pending stays, however old', async () => {
  const row = (updateId: number, status: 'pending' | 'done' | 'failed', finishedAt: Date | null) =>
    ({ updateId, status, finishedAt, chatId: 1, payload: {}, availableAt: ago(60), receivedAt: ago(60) });
  await db.insert(inbox).values([
    row(1, 'done', ago(7, 1)), row(2, 'failed', ago(7, 1)), row(3, 'done', ago(7)), row(4, 'failed', ago(1)), row(5, 'pending', null),
  ]);
  await deleteExpired(db, NOW);
  expect(await idsOf('inbox', 'update_id')).toEqual(['3', '4', '5']);
});

test('runs are kept for a month and log-in attempts for a day', async () => {
  const run = (schedule: string, dueAt: Date) => ({ schedule, dueAt, startedAt: dueAt, outcome: 'ok' as const });
  await db.insert(scheduleRuns).values([run('old', ago(30, 1)), run('border', ago(30)), run('recent', ago(1))]);
  await db.insert(loginAttempts).values([{ subject: 'old', at: ago(1, 1) }, { subject: 'border', at: ago(1) }, { subject: 'recent', at: NOW }]);
  await deleteExpired(db, NOW);
  expect(await idsOf('schedule_runs', 'schedule')).toEqual(['border', 'recent']);
  expect(await idsOf('login_attempts', 'subject')).toEqual(['border', 'recent']);
});

test('comparisons with the provider are kept for ninety days', async () => {
  const check = (checkedAt: Date) => ({ checkedAt, period: 'day' as const, startsAt: checkedAt, ledgerUsd: '1', providerUsd: '1', reservedCount: 0, unknownCount: 0, estimatedCount: 0 });
  await db.insert(driftChecks).values([check(ago(90, 1)), check(ago(90)), check(ago(1))]);
  await deleteExpired(db, NOW);
  expect((await db.select({ at: driftChecks.checkedAt }).from(driftChecks)).map(({ at }) => at)).toEqual([ago(90), ago(1)]);
});

test('sessions and setup codes go when they have expired, not before, and their admin stays', async () => {
  const [admin] = await db.insert(admins).values({ email: 'a@example.org', passwordHash: 'x', role: 'owner', createdAt: NOW }).returning();
  const session = (tokenHash: string, expiresAt: Date) => ({ tokenHash, adminId: admin?.id ?? 0, createdAt: ago(1), lastSeenAt: ago(1), expiresAt });
  await db.insert(sessions).values([session('expired', ago(0, 1)), session('border', NOW), session('valid', ago(-1))]);
  await db.insert(setupCodes).values([
    { codeHash: 'expired', createdAt: ago(2), expiresAt: ago(0, 1), usedAt: ago(1) },
    { codeHash: 'valid', createdAt: ago(2), expiresAt: ago(-1) },
  ]);
  await deleteExpired(db, NOW);
  expect(await idsOf('sessions', 'token_hash')).toEqual(['border', 'valid']);
  expect(await idsOf('setup_codes', 'code_hash')).toEqual(['valid']);
  expect(await database.handle.sql`select 1 from admins`).toHaveLength(1);
});

test('replicas that clean up at once do no harm, and there may be nothing to do', async () => {
  await db.insert(scheduleRuns).values(Array.from({ length: 50 }, (_, index) => ({ schedule: `s${index}`, dueAt: ago(40), startedAt: ago(40), outcome: 'ok' as const })));
  await Promise.all([1, 2, 3].map(() => deleteExpired(db, NOW)));
  await deleteExpired(db, NOW);
  expect(await idsOf('schedule_runs', 'schedule')).toEqual([]);
});

test('partitions cover each month from the first instant to the last, over the turn of a year', async () => {
  await makePartitions(db, new Date('2019-11-30T23:59:59.999Z'), new Date('2020-02-01T00:00:00Z'));
  const made = [...(await partitions())].filter(([name]) => /_(2019|2020)_/.test(name));
  expect(made).toEqual([
    ['interactions_2019_11', "FOR VALUES FROM ('2019-11-01 00:00:00+00') TO ('2019-12-01 00:00:00+00')"],
    ['interactions_2019_12', "FOR VALUES FROM ('2019-12-01 00:00:00+00') TO ('2020-01-01 00:00:00+00')"],
    ['interactions_2020_01', "FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-02-01 00:00:00+00')"],
    ['interactions_2020_02', "FOR VALUES FROM ('2020-02-01 00:00:00+00') TO ('2020-03-01 00:00:00+00')"],
  ]);
});

test('partitions that exist stay with their rows, and made again there are no more', async () => {
  const userId = await seedUser(db);
  await makePartitions(db, ago(400), ago(370));
  await seedInteraction(db, { at: ago(380), userId });
  const before = await partitions();
  await makePartitions(db, ago(400), ago(370));
  expect(await partitions()).toEqual(before);
  expect(await database.handle.sql`select at from interactions`).toMatchObject([{ at: ago(380) }]);
});

test('the time zone of a session moves no border of a month', async () => {
  const session = connectPostgres(database.url, { max: 1, connection: { TimeZone: 'Asia/Kolkata' }, onnotice: () => undefined });
  try {
    await session`select ensure_interactions_partitions('2018-03-31T23:00:00Z', '2018-03-31T23:00:00Z')`;
  } finally {
    await session.end();
  }
  const made = await partitions();
  expect(made.get('interactions_2018_03')).toBe("FOR VALUES FROM ('2018-03-01 00:00:00+00') TO ('2018-04-01 00:00:00+00')");
  expect(made.has('interactions_2018_04')).toBe(false);
});

test('two processes that make the same partitions at once both succeed', async () => {
  for (let year = 2001; year < 2009; year += 1) {
    const range = [new Date(Date.UTC(year, 0, 1)), new Date(Date.UTC(year, 11, 1))] as const;
    await Promise.all([1, 2, 3].map(() => makePartitions(db, ...range)));
    expect([...(await partitions()).keys()].filter((name) => name.includes(`_${year}_`))).toHaveLength(12);
  }
});
