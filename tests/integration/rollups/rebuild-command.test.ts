import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DatabaseHandle, openDatabase } from '#db/client.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { eventually } from '#tests/support/processes.ts';
import { dumpRollups } from '#tests/support/rollups.ts';
import { seedGeneration, seedInteraction, seedUser } from '#tests/support/seed.ts';
import packageJson from '../../../package.json' with { type: 'json' };

/** What `npm run rollups:rebuild` gives to Node. */
const COMMAND = /\/node (\S+\.ts)$/.exec(packageJson.scripts['rollups:rebuild'])?.[1] ?? '';
const SECRET = 'a secret of sixteen';
const NOW = new Date();
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
/** So many days that a rebuild takes seconds. */
const DAYS = 250;
const RIGHT = 'The rollups are those of the raw rows.\n';

let dir: string;
let started: ChildProcess[];
let databases: TestDatabase[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'adtrobot-rebuild-'));
  [started, databases] = [[], []];
});
afterEach(async () => {
  for (const child of started) await end(child);
  for (const database of databases) await database.drop();
  await rm(dir, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function start(env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [COMMAND], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', DATA_DIR: join(dir, 'data'), ...env },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'close').then(() => ({ exitCode: child.exitCode, output })) };
}
const startOn = (url: string) => start({ DATABASE_URL: url, SESSION_SECRET: SECRET });
/** What stands in the first line of progress. */
const firstDone = (output: string) => Number(/(\d+) of \d+ days/.exec(output)?.[1]);

async function layDown({ db }: DatabaseHandle): Promise<number> {
  const userId = await seedUser(db, daysAgo(DAYS));
  for (const days of [100, 40, 6, 5, 4, 3]) {
    await seedInteraction(db, { at: daysAgo(days), userId });
    await seedGeneration(db, { startedAt: daysAgo(days), userId, costUsd: `0.${days}` });
  }
  await foldRollups(db);
  return userId;
}
async function createPast() {
  const database = await createTestDatabase();
  databases.push(database);
  await database.handle.sql`select ensure_interactions_partitions(${daysAgo(110)}, ${NOW})`;
  const userId = await layDown(database.handle);
  return { database, userId, before: await dumpRollups(database.handle.sql) };
}
const spoil = async ({ sql }: Pick<DatabaseHandle, 'sql'>) => {
  await sql`update ledger_rollups set cost_usd = cost_usd + 1`;
  await sql`update ledger_totals set total_usd = total_usd + 1, failed_count = 9`;
  await sql`update interaction_rollups set interaction_count = 99`;
  await sql`update user_days set cost_usd = 7`;
  await sql`delete from user_sets`;
};
const rebuilds = ({ sql }: Pick<DatabaseHandle, 'sql'>) => sql<{ done: boolean; has_begun: boolean }[]>`select finished_at is not null as done, done_until > from_day as has_begun from rollup_rebuilds`;

test('beside a server and without one it makes spoilt values right again, in the database that the server has', async () => {
  const parent = spawn(process.execPath, ['tests/support/embedded-parent.ts', join(dir, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(parent);
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { url }: { url: string } = JSON.parse(String(line));
  await migrateDatabase(url, 'db/migrations');
  const handle = openDatabase({ url, maxConnections: 3 });
  await handle.sql`select ensure_interactions_partitions(${daysAgo(110)}, ${NOW})`;
  await layDown(handle);
  const before = await dumpRollups(handle.sql);
  await spoil(handle);
  expect(await start().ended).toMatchObject({ exitCode: 0, output: expect.stringContaining(RIGHT) });
  expect(await dumpRollups(handle.sql)).toEqual(before);
  await spoil(handle);
  await handle.close();
  await end(parent);
  expect(await start().ended).toMatchObject({ exitCode: 0, output: expect.stringContaining(RIGHT) });
  expect(existsSync(join(dir, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
}, 90_000);

test('killed in the middle, no value is wrong at any moment, and the next run goes on from there while others write', async () => {
  const { database, userId } = await createPast();
  const { db } = database.handle;
  const past = async () => {
    const range = { from: daysAgo(90).toISOString(), to: daysAgo(1).toISOString() };
    const { cost, generations, activeUsers, tokens } = await getOverview({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, range);
    return { cost, generations, activeUsers, tokens };
  };
  const expected = await past();
  let isRunning = true;
  const watching = (async () => {
    for (; isRunning; ) expect(await past()).toEqual(expected);
  })();
  let written = 0;
  const writing = (async () => {
    for (; isRunning; written += 1) await seedGeneration(db, { startedAt: new Date(NOW.getTime() - written - 1), userId, costUsd: '0.000000000001' });
  })();
  try {
    const first = startOn(database.url);
    await eventually('the first day to be done', () => first.output().includes('days\n'));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(first.output()).not.toContain(RIGHT);
    expect(await rebuilds(database.handle)).toEqual([{ done: false, has_begun: true }]);
    const second = await startOn(database.url).ended;
    expect(second).toMatchObject({ exitCode: 0, output: expect.stringContaining(RIGHT) });
    expect(firstDone(second.output)).toBeGreaterThan(firstDone(first.output()));
  } finally {
    isRunning = false;
    await Promise.all([watching, writing]);
  }
  expect(await rebuilds(database.handle)).toEqual([{ done: true, has_begun: true }]);
  await foldRollups(db);
  const [sum] = await database.handle.sql`select sum(attempt_count)::int as count from ledger_rollups where level = 2`;
  expect(sum).toEqual({ count: 6 + written });
}, 90_000);

test('a signal ends it after the day in hand and says how to go on; the next run makes the rest right', async () => {
  const { database, before } = await createPast();
  await spoil(database.handle);
  const stopped = startOn(database.url);
  await eventually('the first day to be done', () => stopped.output().includes('days\n'));
  stopped.child.kill('SIGTERM');
  expect(await stopped.ended).toMatchObject({ exitCode: 1, output: expect.stringContaining('Stopped before the end. Run the same command again for the rest.\n') });
  const next = await startOn(database.url).ended;
  expect(next.exitCode).toBe(0);
  expect(firstDone(next.output)).toBeGreaterThan(1);
  expect(await dumpRollups(database.handle.sql)).toEqual(before);
}, 90_000);

test('an empty database is rebuilt at once', async () => {
  const database = await createTestDatabase();
  databases.push(database);
  expect(await startOn(database.url).ended).toEqual({ exitCode: 0, output: RIGHT });
});

test('what stands in its way is said in words', async () => {
  expect(await start({ PORT: 'nonsense' }).ended).toMatchObject({ exitCode: 1, output: expect.stringContaining('PORT') });
  await mkdir(join(dir, 'nobody'));
  const { exitCode, output } = await startOn(`postgres://x@localhost/x?host=${join(dir, 'nobody')}`).ended;
  expect(exitCode).toBe(1);
  expect(output).toContain('The rebuild failed');
  expect(output).not.toContain('    at ');
});
