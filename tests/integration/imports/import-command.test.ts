import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { IMPORT_COMMAND } from '#tests/support/import-command.ts';
import { eventually } from '#tests/support/processes.ts';

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens';
const GOOD = '2023-11-16 18:15:46.6805900,374,44';

let dir: string;
let started: ChildProcess[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'adtrobot-import-'));
  started = [];
});
afterEach(async () => {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  await rm(dir, { recursive: true, force: true });
});

/** The command as npm runs it from the folder of the logs. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...IMPORT_COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', DATA_DIR: join(dir, 'data'), INIT_CWD: dir, ...env },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'close').then(() => ({ exitCode: child.exitCode, output })) };
}

const run = (...args: string[]) => start(args).ended;
const writeLog = (...lines: string[]) => writeFile(join(dir, 'usage.csv'), `${[HEADER, ...lines].join('\n')}\n`);

/** A process that runs the embedded Postgres of the data directory, as a server does. */
async function startServerDatabase(): Promise<string> {
  const child = spawn(process.execPath, ['tests/support/embedded-parent.ts', join(dir, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const report: { url: string } = JSON.parse(String(line));
  return report.url;
}

async function readRows(url: string): Promise<readonly Record<string, unknown>[]> {
  const sql = connectPostgres(url, { max: 1 });
  try {
    return await sql`select model, operation, status, imported_from from ai_usage order by request_id`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test('beside a server it writes into the embedded database that the server runs, and leaves it running', async () => {
  const url = await startServerDatabase();
  await writeLog(GOOD, 'nonsense,1,1', GOOD);
  const { exitCode, output } = await run('usage.csv', '--model', 'vendor/model', '--operation', 'tarot_card');
  expect(output).toContain('line 3: the timestamp is not readable');
  expect(output).toMatch(/\n2 new, 0 already there, 1 refused\n$/);
  expect(exitCode).toBe(0);
  const row = { model: 'vendor/model', operation: 'tarot_card', status: 'unknown', imported_from: 'usage.csv' };
  expect(await readRows(url)).toEqual([row, row]);
});

test('without a server it runs the database for the time of the import; a second run adds nothing', async () => {
  await writeLog(GOOD);
  expect(await run('usage.csv')).toMatchObject({ exitCode: 0, output: expect.stringMatching(/1 new, 0 already there, 0 refused\n$/) });
  expect(existsSync(join(dir, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
  expect(existsSync(join(dir, 'data', 'postgres.claim'))).toBe(false);
  expect(await run('usage.csv')).toMatchObject({ exitCode: 0, output: '0 new, 1 already there, 0 refused\n' });
});

test('with DATABASE_URL it writes there, and no embedded database is made', async () => {
  const database = await createTestDatabase();
  await writeLog(GOOD);
  const { exitCode } = await start(['usage.csv'], { DATABASE_URL: database.url, SESSION_SECRET: 'a secret of sixteen' }).ended;
  expect(exitCode).toBe(0);
  expect(await readRows(database.url)).toHaveLength(1);
  expect(existsSync(join(dir, 'data', 'postgres'))).toBe(false);
  await database.drop();
});

test('the first fifty refused lines are on the screen, all are in a private file that no program takes for formulas', async () => {
  const url = await startServerDatabase();
  await writeLog(GOOD, ...Array.from({ length: 60 }, (_, index) => `=cmd("${index}")`));
  const { exitCode, output } = await run('usage.csv');
  const file = join(dir, 'data', 'imports', 'usage.csv.rejected.csv');
  expect(exitCode).toBe(0);
  expect(output.match(/^line \d+: /gm)).toHaveLength(50);
  expect(output).toContain(file);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(61);
  expect(lines[60]).toMatch(/^62,".+","'=cmd\(""59""\)"$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeLog(GOOD);
  await run('usage.csv');
  expect(existsSync(file)).toBe(false);
  expect(await readRows(url)).toHaveLength(1);
});

test('a log of which nothing can be read ends with 1', async () => {
  await startServerDatabase();
  await writeLog('bad', 'worse');
  expect(await run('usage.csv')).toMatchObject({ exitCode: 1, output: expect.stringContaining('0 new, 0 already there, 2 refused') });
  await writeFile(join(dir, 'usage.csv'), 'when,what\n');
  const { exitCode, output } = await run('usage.csv');
  expect(exitCode).toBe(1);
  expect(output).toContain('unknown: "when", "what"');
  expect(output).not.toContain('    at ');
  await writeFile(join(dir, 'usage.csv'), '');
  expect(await run('usage.csv')).toMatchObject({ exitCode: 1, output: expect.stringContaining('The log is empty') });
});

test.each([
  [[], 'Which file?'],
  [['a.csv', '--fast'], '--fast'],
  [['absent.csv'], 'cannot be read'],
  [['.'], 'is not a file'],
])('the arguments %j are refused in words before any database is touched', async (args, reason) => {
  const { exitCode, output } = await run(...args);
  expect(exitCode).toBe(1);
  expect(output).toContain(reason);
  expect(output).not.toContain('    at ');
  expect(existsSync(join(dir, 'data'))).toBe(false);
});

test('a signal stops it in order, its database too, and the next run brings the rest', async () => {
  const lines = Array.from({ length: 60_000 }, (_, index) => `2024-01-01 00:00:00.${String(index).padStart(7, '0')},1,1`);
  await writeLog('bad', lines.join('\n'));
  const importing = start(['usage.csv']);
  await eventually('the first lines to be read', () => importing.output().includes('line 2:'));
  importing.child.kill('SIGTERM');
  const { exitCode, output } = await importing.ended;
  expect(exitCode).toBe(1);
  expect(output).toContain('Stopped before the end');
  expect(existsSync(join(dir, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
  const [, newCount = ''] = /([\d,]+) new/.exec(output) ?? [];
  const again = await run('usage.csv');
  expect(again.exitCode).toBe(0);
  expect(again.output).toContain(`${newCount} already there, 1 refused`);
}, 60_000);

test('a database that cannot be reached is said in words', async () => {
  await writeLog(GOOD);
  await mkdir(join(dir, 'nobody'));
  const env = { DATABASE_URL: `postgres://x@localhost/x?host=${join(dir, 'nobody')}`, SESSION_SECRET: 'a secret of sixteen' };
  const { exitCode, output } = await start(['usage.csv'], env).ended;
  expect(exitCode).toBe(1);
  expect(output).toContain('The import failed');
  expect(output).not.toContain('    at ');
});
