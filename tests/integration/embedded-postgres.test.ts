import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { startEmbeddedPostgres, THROWAWAY_SETTINGS } from '#db/embedded.ts';
import { isAlive, waitUntil } from '#db/embedded/processes.ts';

interface Report {
  readonly url: string;
  readonly postmasterPid: number;
  readonly wasRecovered: boolean;
  readonly error?: string;
  readonly progress: readonly string[];
}

const NOBODY_ID = 65_534;
/** May pass every directory, because this repository may lie below one that only root can enter. */
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
const isRoot = process.getuid?.() === 0;
let root: string;
let parents: ChildProcess[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'adtrobot-pg-'));
  parents = [];
});

afterEach(async () => {
  for (const parent of parents) {
    if (parent.exitCode === null && parent.signalCode === null) {
      parent.kill('SIGTERM');
      await once(parent, 'exit');
    }
  }
  await rm(root, { recursive: true, force: true });
});

async function startParent(dataDir: string, options: { prefix?: readonly string[]; path?: string } = {}): Promise<{ parent: ChildProcess; report: Report }> {
  const [program, ...args] = [...(options.prefix ?? []), process.execPath, 'tests/support/embedded-parent.ts', dataDir];
  const parent = spawn(program ?? '', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', ...(options.path === undefined ? {} : { PATH: options.path }) },
  });
  parents.push(parent);
  let output = '';
  for await (const chunk of parent.stdout ?? []) {
    output += String(chunk);
    if (output.endsWith('\n')) break;
  }
  return { parent, report: JSON.parse(output) as Report };
}

/** A search path on which a program cannot do its work. */
async function pathWithout(program: string): Promise<string> {
  const shims = join(root, 'shims');
  await mkdir(shims);
  await writeFile(join(shims, program), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return `${shims}:${process.env['PATH'] ?? ''}`;
}

async function kill(pid: number, name: NodeJS.Signals): Promise<void> {
  process.kill(pid, name);
  expect(await waitUntil(() => !isAlive(pid), 10_000)).toBe(true);
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const sql = connectPostgres(url, { max: 1, connect_timeout: 3 });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test('a first start makes an empty UTF-8 database whose letters have case in every script', async () => {
  const { report } = await startParent(join(root, 'data'));
  const [row] = await query(report.url, `select current_database() as name, lower('ЗОДИАК') as lower, current_setting('server_encoding') as encoding`);
  expect(row).toEqual({ name: 'adtrobot', lower: 'зодиак', encoding: 'UTF8' });
  expect(report.wasRecovered).toBe(false);
});

test('only a socket behind a private directory is open, no port', async () => {
  const dataDir = join(root, 'data');
  const { report } = await startParent(dataDir);
  const [row] = await query(report.url, `select current_setting('listen_addresses') as ports, current_setting('data_checksums') as checksums`);
  expect(row).toEqual({ ports: '', checksums: 'on' });
  expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
});

test('a second start after an orderly stop finds the data and recovers nothing', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir);
  await query(first.report.url, 'create table kept as select 7 as value');
  first.parent.kill('SIGTERM');
  await once(first.parent, 'exit');
  expect(isAlive(first.report.postmasterPid)).toBe(false);
  const second = await startParent(dataDir);
  expect(await query(second.report.url, 'select value from kept')).toEqual([{ value: 7 }]);
  expect(second.report.wasRecovered).toBe(false);
});

test('when we are killed, Postgres stops by itself, and the next start has the data', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir);
  await query(first.report.url, 'create table kept as select 7 as value');
  await kill(first.parent.pid ?? 0, 'SIGKILL');
  expect(await waitUntil(() => !isAlive(first.report.postmasterPid), 10_000)).toBe(true);
  const second = await startParent(dataDir);
  expect(await query(second.report.url, 'select value from kept')).toEqual([{ value: 7 }]);
});

test('a start at once after the kill does not trip over the Postgres that is still stopping', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir);
  await query(first.report.url, 'create table kept as select 7 as value');
  process.kill(first.parent.pid ?? 0, 'SIGKILL');
  await once(first.parent, 'exit');
  const second = await startParent(dataDir);
  expect(second.report.error).toBeUndefined();
  expect(await query(second.report.url, 'select value from kept')).toEqual([{ value: 7 }]);
});

test('when both are killed, the next start recovers what was committed and says so', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir);
  await query(first.report.url, 'create table kept as select 7 as value');
  process.kill(first.report.postmasterPid, 'SIGSTOP');
  process.kill(first.parent.pid ?? 0, 'SIGKILL');
  process.kill(first.report.postmasterPid, 'SIGKILL');
  await once(first.parent, 'exit');
  const second = await startParent(dataDir);
  expect(second.report.error).toBeUndefined();
  expect(await query(second.report.url, 'select value from kept')).toEqual([{ value: 7 }]);
  expect(second.report.wasRecovered).toBe(true);
  expect(second.report.progress.join(' ')).toContain('recovers');
});

test('an orphan that the kernel did not stop is stopped and replaced', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir, { path: await pathWithout('setpriv') });
  await query(first.report.url, 'create table kept as select 7 as value');
  await kill(first.parent.pid ?? 0, 'SIGKILL');
  expect(isAlive(first.report.postmasterPid)).toBe(true);
  const second = await startParent(dataDir);
  expect(second.report.progress).toContain('Stopped a Postgres that an earlier run left behind.');
  expect(isAlive(first.report.postmasterPid)).toBe(false);
  expect(await query(second.report.url, 'select value from kept')).toEqual([{ value: 7 }]);
});

test('a data directory in use is refused in plain words, and its user is not disturbed', async () => {
  const dataDir = join(root, 'data');
  const first = await startParent(dataDir);
  const second = await startParent(dataDir);
  expect(second.report.error).toMatch(/is in use by another AdtroBot \(process \d+\).*DATA_DIR/);
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'unavailable' });
  expect(await query(first.report.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('data below a directory that only its owner may enter works', async () => {
  const home = join(root, 'home');
  await mkdir(home, { mode: 0o700 });
  const { report } = await startParent(join(home, 'deep', '.data'));
  expect(await query(report.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a path too long for a socket still works, and its temporary place is removed', async () => {
  const dataDir = join(root, 'a'.repeat(100), 'data');
  const server = await startEmbeddedPostgres({ dataDir, settings: THROWAWAY_SETTINGS });
  const socketDir = new URL(server.url).searchParams.get('host') ?? '';
  expect(socketDir.startsWith(tmpdir())).toBe(true);
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await Promise.all([server.stop(), server.stop()]);
  await expect(stat(socketDir)).rejects.toThrow('ENOENT');
});

test('a Postgres that dies under us is started again', async () => {
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({ dataDir: join(root, 'data'), settings: THROWAWAY_SETTINGS, onProgress: (line) => lines.push(line) });
  const before = server.pid();
  process.kill(before, 'SIGKILL');
  expect(await waitUntil(() => server.pid() !== before, 15_000)).toBe(true);
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(lines).toContain('Postgres ended unexpectedly; starting it again…');
  await server.stop();
  expect(isAlive(server.pid())).toBe(false);
});

test('where user namespaces are forbidden it works as another user, also below a private directory', async () => {
  const home = join(root, 'home');
  await mkdir(home, { mode: 0o700 });
  const { report, parent } = await startParent(join(home, 'data'), { path: await pathWithout('unshare') });
  expect(report.error).toBeUndefined();
  expect(await query(report.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await kill(parent.pid ?? 0, 'SIGKILL');
  expect(await waitUntil(() => !isAlive(report.postmasterPid), 10_000)).toBe(true);
});

test('an ordinary user needs none of this and gets the same', async () => {
  const dataDir = join(root, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  if (isRoot) await chown(dataDir, NOBODY_ID, NOBODY_ID);
  const { report, parent } = await startParent(dataDir, isRoot ? { prefix: AS_NOBODY } : {});
  expect(report.error).toBeUndefined();
  expect(await query(report.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await kill(parent.pid ?? 0, 'SIGKILL');
  expect(await waitUntil(() => !isAlive(report.postmasterPid), 10_000)).toBe(true);
});

test('data of another major version is refused and left alone', async () => {
  const clusterDir = join(root, 'data', 'postgres');
  await mkdir(clusterDir, { recursive: true });
  await writeFile(join(clusterDir, 'PG_VERSION'), '15\n');
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'data') })).rejects.toThrow('was written by Postgres 15');
  expect(await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).toBe('15\n');
});

test('a wrong setting fails with the words of Postgres and names the log', async () => {
  const starting = startEmbeddedPostgres({ dataDir: join(root, 'data'), settings: { ...THROWAWAY_SETTINGS, max_connections: 'many' } });
  await expect(starting).rejects.toThrow(/invalid value for parameter "max_connections".*postgres\.log/);
});
