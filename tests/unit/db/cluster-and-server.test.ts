import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPostgresBinaries } from '#db/embedded/binaries.ts';
import { createCluster, hasCluster } from '#db/embedded/cluster.ts';
import { chooseIsolation, type Isolation } from '#db/embedded/isolation.ts';
import { isAlive } from '#db/embedded/processes.ts';
import { startServer, stopServer, type ServerSpec } from '#db/embedded/server-process.ts';

const LOG_SIZE_BYTES = 10_000_000;
const PLAIN: Isolation = { kind: 'plain', command: (program, args) => [program, ...args] };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'adtrobot-parts-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A program that stands in for one of Postgres' own. */
async function script(name: string, text: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('a cluster', () => {
  const make = (initdb: string, clusterDir = join(root, 'postgres')) =>
    createCluster(clusterDir, { binaries: { initdb, postgres: 'unused' }, isolation: PLAIN, isDurable: false });

  test('is found by its version, and one of another version is refused with words that say what to do', async () => {
    expect(await hasCluster(root)).toBe(false);
    await writeFile(join(root, 'PG_VERSION'), '18\n');
    expect(await hasCluster(root)).toBe(true);
    for (const version of ['17', '180', '']) {
      await writeFile(join(root, 'PG_VERSION'), version);
      await expect(hasCluster(root), version).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('DATA_DIR') });
    }
  });

  test('that could not be made is told of in the words of initdb and leaves nothing that looks finished', async () => {
    const initdb = await script('initdb', 'echo "creating"; echo "initdb: error: could not create directory: No space left on device" >&2; exit 1');
    await expect(make(initdb)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('No space left on device') });
    expect(existsSync(join(root, 'postgres'))).toBe(false);
  });

  test('that a crash left half made is made anew, and appears only when it is whole', async () => {
    await mkdir(join(root, 'postgres.new'));
    await writeFile(join(root, 'postgres.new', 'half'), '');
    await make(await script('initdb', `echo 18 > "$2/PG_VERSION"; test ! -e "${root}/postgres"`));
    expect(await readdir(join(root, 'postgres'))).toEqual(['PG_VERSION']);
    expect((await stat(join(root, 'postgres'))).mode & 0o777).toBe(0o700);
    expect(existsSync(join(root, 'postgres.new'))).toBe(false);
  });

  test('needs a program that can be run', async () => {
    await expect(make(join(root, 'no-such-initdb'))).rejects.toThrow('ENOENT');
  });
});

describe('a server', () => {
  const specOf = (postgres: string): ServerSpec => ({
    clusterDir: root,
    socketDir: root,
    logFile: join(root, 'postgres.log'),
    postgres,
    isolation: PLAIN,
    settings: { max_connections: '7' },
    probeUrl: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(root)}`,
    onProgress: () => undefined,
  });

  test('that ends at once fails with its own last words, not with those of an earlier run', async () => {
    await writeFile(join(root, 'postgres.log'), 'FATAL:  words of yesterday\n');
    const postgres = await script('postgres', 'echo "args: $@"; echo "FATAL:  could not map shared memory"; echo "LOG:  shut down"; exit 1');
    const starting = startServer(specOf(postgres));
    await expect(starting).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('FATAL:  could not map shared memory (log: ') });
    expect(await readFile(join(root, 'postgres.log'), 'utf8')).toContain(`-D ${root} -c max_connections=7`);
  });

  test('that says nothing fails too', async () => {
    await expect(startServer(specOf(await script('postgres', 'exit 3')))).rejects.toThrow('it said nothing');
  });

  test('is tried again while the remains of a killed one go away', async () => {
    const said = 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use';
    const counter = `n=$(cat ${root}/tries 2>/dev/null || echo 0); n=$((n + 1)); echo $n > ${root}/tries; test $n -lt 3`;
    const postgres = await script('postgres', `if ${counter}; then echo "${said}"; else echo "FATAL:  something else"; fi; exit 1`);
    await expect(startServer(specOf(postgres))).rejects.toThrow('something else');
    expect((await readFile(join(root, 'tries'), 'utf8')).trim()).toBe('3');
  });

  test('keeps one old log when the present one has grown large', async () => {
    const logFile = join(root, 'postgres.log');
    for (const [sizeBytes, isMoved] of [[LOG_SIZE_BYTES - 1, false], [LOG_SIZE_BYTES, true]] as const) {
      await rm(`${logFile}.1`, { force: true });
      await writeFile(logFile, Buffer.alloc(sizeBytes, 'x'));
      await startServer(specOf(await script('postgres', 'exit 3'))).catch(() => undefined);
      expect(existsSync(`${logFile}.1`), String(sizeBytes)).toBe(isMoved);
    }
    expect((await stat(logFile)).size).toBe(0);
  });

  test('that has ended needs no stopping: its pid may be another’s by now', async () => {
    const bystander = spawn('sleep', ['60']);
    await stopServer({ pid: bystander.pid ?? 0, isRunning: () => false, exited: Promise.resolve() });
    expect(isAlive(bystander.pid ?? 0)).toBe(true);
    bystander.kill('SIGKILL');
  });
});

test('the programs of the embedded Postgres are found and can be run as this machine allows', async () => {
  const binaries = await findPostgresBinaries();
  const isolation = chooseIsolation();
  for (const program of Object.values(binaries)) {
    const [command, ...args] = isolation.command(program, ['--version']);
    const child = spawn(command, args);
    const [[output]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(String(output)).toMatch(/PostgreSQL\) 18/);
  }
});
