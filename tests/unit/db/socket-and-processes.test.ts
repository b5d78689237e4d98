import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive, readStartTime, readWorkingDir, signal, waitUntil } from '#db/embedded/processes.ts';
import { chooseSocketDir, prepareSocketDir, removeLeftSocketDir } from '#db/embedded/socket-dir.ts';

/** Postgres refuses a longer path of a socket; its lock file's is the longest. */
const SOCKET_PATH_BYTES_MAX = 107;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'adtrobot-parts-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the socket directory', () => {
  test('is in the data directory as long as the path of a socket there is short enough, to the byte', () => {
    const socketName = '/run/.s.PGSQL.5432.lock';
    const longest = `/${'a'.repeat(SOCKET_PATH_BYTES_MAX - socketName.length - 1)}`;
    expect(chooseSocketDir(longest)).toBe(`${longest}/run`);
    const moved = chooseSocketDir(`${longest}a`);
    expect(moved.startsWith(join(tmpdir(), 'adtrobot-socket-'))).toBe(true);
    expect(chooseSocketDir(`${longest}a`)).not.toBe(moved);
  });

  test('counts bytes, not letters', () => {
    expect(chooseSocketDir(`/${'ж'.repeat(60)}`).startsWith(tmpdir())).toBe(true);
  });

  test('is empty and its owner’s alone, whatever was there before', async () => {
    const socketDir = join(root, 'run');
    await mkdir(socketDir, { mode: 0o777 });
    await writeFile(join(socketDir, '.s.PGSQL.5432'), '');
    prepareSocketDir(socketDir, undefined);
    expect(await readdir(socketDir)).toEqual([]);
    expect((await stat(socketDir)).mode & 0o777).toBe(0o700);
  });

  test('that is a link to elsewhere is replaced, and elsewhere is left alone', async () => {
    const [precious, socketDir] = [join(root, 'precious'), join(root, 'run')];
    await mkdir(precious);
    await writeFile(join(precious, 'kept'), '');
    await symlink(precious, socketDir);
    prepareSocketDir(socketDir, undefined);
    expect(await readdir(precious)).toEqual(['kept']);
  });

  test('is removed afterwards only where a run of ours made it in the temp directory', async () => {
    const left = await mkdtemp(join(tmpdir(), 'adtrobot-socket-'));
    for (const other of [root, join(root, 'adtrobot-socket-x'), '', '/', tmpdir()]) removeLeftSocketDir(other);
    removeLeftSocketDir(left);
    removeLeftSocketDir(left);
    expect([existsSync(root), existsSync(left)]).toEqual([true, false]);
  });
});

describe('processes', () => {
  test('live until they have ended, and are dead when only their parent has not noticed', async () => {
    const child = spawn('sleep', ['60'], { cwd: root });
    const pid = child.pid ?? 0;
    expect([isAlive(pid), readWorkingDir(pid)]).toEqual([true, root]);
    expect(readStartTime(pid)).toMatch(/^\d+$/);
    signal(pid, 'SIGKILL');
    await once(child, 'exit');
    expect([isAlive(pid), readStartTime(pid), readWorkingDir(pid)]).toEqual([false, null, null]);
    signal(pid, 'SIGKILL');
  });

  test('that wait to be reaped count as dead', async () => {
    // The shell becomes a program that never asks for the child that it inherits.
    const holder = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    const [line] = await once(holder.stdout, 'data');
    const zombie = Number(String(line));
    expect(await waitUntil(() => !isAlive(zombie), 5_000)).toBe(true);
    expect(existsSync(`/proc/${zombie}`)).toBe(true);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  });

  test('are waited for no longer than said', async () => {
    expect(await waitUntil(() => true, 0)).toBe(true);
    expect(await waitUntil(() => false, 50)).toBe(false);
    let asks = 0;
    expect(await waitUntil(() => (asks += 1) > 3, 5_000)).toBe(true);
  });
});
