import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDir, readPostmasterPid, stopOrphan } from '#db/embedded/claim.ts';
import { isAlive, readStartTime } from '#db/embedded/processes.ts';

let dataDir: string;
let claimFile: string;
let socketDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-claim-'));
  claimFile = join(dataDir, 'postgres.claim');
  socketDir = join(dataDir, 'run');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}
const leaveClaim = (claim: unknown) => writeFile(claimFile, typeof claim === 'string' ? claim : JSON.stringify(claim));

test('a claim names this process and where its socket is, for its owner’s eyes, and is gone when given up', async () => {
  const release = await claimDataDir(dataDir, socketDir);
  expect(JSON.parse(await readFile(claimFile, 'utf8'))).toEqual({ pid: process.pid, startTime: readStartTime(process.pid), socketDir });
  expect((await stat(claimFile)).mode & 0o777).toBe(0o600);
  release();
  release();
  expect(existsSync(claimFile)).toBe(false);
  (await claimDataDir(dataDir, socketDir))();
});

test('a claim of a process that died is taken over', async () => {
  await leaveClaim({ pid: await deadPid(), startTime: '1', socketDir });
  await claimDataDir(dataDir, socketDir);
  expect(JSON.parse(await readFile(claimFile, 'utf8'))).toMatchObject({ pid: process.pid });
});

test('a claim whose pid now belongs to another process is taken over', async () => {
  await leaveClaim({ pid: process.pid, startTime: 'before the last boot', socketDir });
  await claimDataDir(dataDir, socketDir);
  expect(JSON.parse(await readFile(claimFile, 'utf8'))).toMatchObject({ startTime: readStartTime(process.pid) });
});

test.each(['', '{"pid": 12', 'null', '[]', '{"pid":"12","socketDir":"/tmp"}', '{"pid":12}', '{"pid":12,"socketDir":7}'])('a claim that a crash tore is nobody’s: %j', async (text) => {
  await leaveClaim(text);
  await claimDataDir(dataDir, socketDir);
  expect(JSON.parse(await readFile(claimFile, 'utf8'))).toMatchObject({ pid: process.pid });
});

test('a claim that cannot be read is neither waited for nor taken over', async () => {
  await mkdir(claimFile);
  await expect(claimDataDir(dataDir, socketDir)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(claimFile) });
});

test('a claim that its owner gives up meanwhile is waited for, and giving up twice takes nothing from the next owner', async () => {
  const release = await claimDataDir(dataDir, socketDir);
  setTimeout(release, 200);
  const second = await claimDataDir(dataDir, socketDir);
  release();
  expect(existsSync(claimFile)).toBe(true);
  second();
});

test('a claim that a living process keeps is refused with words that say what to do', async () => {
  const release = await claimDataDir(dataDir, socketDir);
  const second = claimDataDir(dataDir, socketDir);
  await expect(second).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(new RegExp(`${process.pid}.*DATA_DIR`)) });
  expect(existsSync(claimFile)).toBe(true);
  release();
});

test('of many that start at once, one has the directory at a time, whatever an earlier run left there', async () => {
  const left = { pid: await deadPid(), startTime: '1', socketDir };
  let holders = 0;
  for (const remains of [null, left, '{"pid":', '']) {
    for (let round = 0; round < 10; round += 1) {
      if (remains !== null) await leaveClaim(remains);
      const starts = [1, 2, 3].map(async () => {
        const release = await claimDataDir(dataDir, socketDir);
        holders += 1;
        await sleep(2);
        expect(holders).toBe(1);
        holders -= 1;
        release();
      });
      await Promise.all(starts);
    }
  }
  expect(await readdir(dataDir)).toEqual([]);
});

test('processes that take over from a killed one at the same instant do not both get it', async () => {
  await leaveClaim({ pid: await deadPid(), startTime: '1', socketDir });
  const goAt = Date.now() + 1_500;
  const starts = Array.from({ length: 4 }, () => spawn(process.execPath, ['tests/support/claim-process.ts', dataDir, String(goAt)], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const winners: (number | undefined)[] = [];
  for (const start of starts) start.stdout.once('data', () => winners.push(start.pid));
  try {
    while (winners.length === 0) await sleep(20);
    await sleep(500);
    expect(winners).toHaveLength(1);
    expect(JSON.parse(await readFile(claimFile, 'utf8'))).toMatchObject({ pid: winners[0] });
  } finally {
    for (const start of starts) start.kill('SIGKILL');
  }
});

test('a socket directory that a killed run left in the temp directory is removed, and no other', async () => {
  const left = await mkdtemp(join(tmpdir(), 'adtrobot-socket-'));
  const precious = join(dataDir, 'adtrobot-socket-of-mine');
  await mkdir(precious);
  for (const each of [left, precious, tmpdir(), '/']) {
    await leaveClaim({ pid: await deadPid(), startTime: '1', socketDir: each });
    (await claimDataDir(dataDir, socketDir))();
  }
  expect([existsSync(left), existsSync(precious), existsSync(tmpdir())]).toEqual([false, true, true]);
});

test('the pid of a postmaster is the first line of its file, and none where there is no such line', async () => {
  expect(readPostmasterPid(dataDir)).toBeNull();
  for (const [text, pid] of [['4711\n/data\n', 4_711], ['', null], ['postgres\n', null], ['0\n', null], ['-1\n', null]] as const) {
    await writeFile(join(dataDir, 'postmaster.pid'), text);
    expect(readPostmasterPid(dataDir), JSON.stringify(text)).toBe(pid);
  }
});

test('an orphan is stopped only when it works in this cluster: a stranger with its pid is left alone', async () => {
  const stranger = spawn('sleep', ['60'], { cwd: tmpdir() });
  const orphan = spawn('sleep', ['60'], { cwd: dataDir });
  try {
    expect(await stopOrphan(dataDir)).toBe(false);
    await writeFile(join(dataDir, 'postmaster.pid'), `${stranger.pid}\n`);
    expect(await stopOrphan(dataDir)).toBe(false);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    await writeFile(join(dataDir, 'postmaster.pid'), `${orphan.pid}\n`);
    expect(await stopOrphan(dataDir)).toBe(true);
    expect(isAlive(orphan.pid ?? 0)).toBe(false);
    expect(await stopOrphan(dataDir)).toBe(false);
  } finally {
    stranger.kill('SIGKILL');
    orphan.kill('SIGKILL');
  }
});
