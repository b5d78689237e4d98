import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSupervisedProcess, type SupervisedProcess } from '#server/sandbox/supervisor-process.ts';
import { createSandboxFolders, isAlive } from '#tests/support/sandbox.ts';

const Ready = z.object({ mark: z.string() });
type Supervised = SupervisedProcess<z.infer<typeof Ready>>;
/** A process that ends with its parent; `RUN` is how often it was started before, `ready` prints its ready line. */
const PRELUDE = `
  import { appendFileSync, existsSync, readFileSync } from 'node:fs';
  const runs = new URL('./runs', import.meta.url);
  const RUN = existsSync(runs) ? readFileSync(runs, 'utf8').length : 0;
  appendFileSync(runs, '.');
  const ready = () => console.log(JSON.stringify({ ready: true, mark: 'run ' + RUN }));
  process.stdin.on('end', () => process.exit(0)).resume();
`;

let folders: Awaited<ReturnType<typeof createSandboxFolders>>;
let log: Record<string, unknown>[] = [];
const running: Supervised[] = [];

beforeEach(async () => {
  folders = await createSandboxFolders();
  log = [];
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await folders.remove();
});

async function supervise(script: string, buildArgs: (ready: { mark: string } | null) => readonly string[] = () => []): Promise<Supervised> {
  await folders.replace('crowd', PRELUDE + script);
  const supervised = await startSupervisedProcess({
    name: 'test',
    scriptPath: join(folders.scriptsDir, 'sandbox-crowd.js'),
    buildArgs,
    readySchema: Ready,
    logger: pino({ base: null }, { write: (line) => void log.push(JSON.parse(line)) }),
  });
  running.push(supervised);
  return supervised;
}

function pidOf(supervised: Supervised): number {
  const pid = supervised.pid();
  if (!pid) throw new Error('the process does not run');
  return pid;
}

const runCount = async () => (await readFile(join(folders.scriptsDir, 'runs'), 'utf8')).length;
const messages = () => log.map(({ msg }) => msg);

describe('a process that ends by itself', () => {
  test('is told at its restart what the first run said, and what a later run says changes nothing', async () => {
    const given: (string | null)[] = [];
    const supervised = await supervise('ready(); if (RUN < 2) setTimeout(() => process.exit(1), 50);', (ready) => {
      given.push(ready?.mark ?? null);
      return [];
    });
    await expect.poll(() => supervised.restartCount(), { timeout: 10_000 }).toBe(2);
    expect(given).toEqual([null, 'run 0', 'run 0']);
    expect(supervised.ready).toEqual({ mark: 'run 0' });
  });

  test('is logged with its exit code or signal, and with how long its restart waits', async () => {
    const supervised = await supervise('ready(); if (RUN === 0) setTimeout(() => process.exit(7), 50);');
    await expect.poll(() => supervised.restartCount(), { timeout: 10_000 }).toBe(1);
    process.kill(pidOf(supervised), 'SIGKILL');
    await expect.poll(() => supervised.restartCount(), { timeout: 10_000 }).toBe(2);
    expect(log.filter(({ msg }) => msg === 'sandbox process ended, restarting')).toMatchObject([
      { process: 'test', exitCode: 7, signal: null, delayMs: 200 },
      { process: 'test', exitCode: null, signal: 'SIGKILL', delayMs: 400 },
    ]);
  });

  test('and fails to come back is tried again until it does', async () => {
    const supervised = await supervise(`
      if (RUN === 0) { ready(); setTimeout(() => process.exit(1), 50); }
      if (RUN === 1) process.exit(1);
      if (RUN === 2) console.log('no JSON');
      if (RUN === 3) ready();
    `);
    await expect.poll(() => supervised.restartCount(), { timeout: 15_000 }).toBe(3);
    await expect.poll(runCount).toBe(4);
    expect(messages().filter((msg) => msg === 'sandbox process did not start')).toHaveLength(2);
    await expect.poll(() => isAlive(pidOf(supervised))).toBe(true);
  });

  test('is not started again when it is stopped before its restart', async () => {
    const supervised = await supervise('ready(); setTimeout(() => process.exit(1), 50);');
    await expect.poll(() => log.at(-1), { timeout: 15_000 }).toMatchObject({ msg: 'sandbox process ended, restarting', delayMs: 1_600 });
    await supervised.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([await runCount(), supervised.restartCount()]).toEqual([4, 3]);
  });

  test('leaves nothing behind when it is stopped in the middle of a restart', async () => {
    const supervised = await supervise('if (RUN === 0) { ready(); setTimeout(() => process.exit(1), 50); }');
    await expect.poll(runCount, { timeout: 10_000 }).toBe(2);
    const pid = pidOf(supervised);
    await supervised.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await runCount()).toBe(2);
  });
});

describe('a supervised process', () => {
  test('whose first start fails leaves nothing behind and is not tried again', async () => {
    await expect(supervise(`process.stderr.write('pid ' + process.pid + '\\n', () => console.log('no JSON')); `)).rejects.toThrow('JSON');
    await expect.poll(() => log.find(({ line }) => String(line).startsWith('pid '))).toBeDefined();
    const pid = Number(String(log.find(({ line }) => String(line).startsWith('pid '))?.['line']).slice(4));
    expect(isAlive(pid)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await runCount()).toBe(1);
  });

  test('has what it writes to stderr in our log, line by line, and is read when it prints to stdout', async () => {
    await supervise(`
      ready();
      process.stderr.write('first\\nsecond\\n');
      process.stdout.write('x'.repeat(1_000_000), () => process.stderr.write('third\\n'));
    `);
    const lines = () => log.filter(({ msg }) => msg === 'sandbox process says').map(({ line }) => line);
    await expect.poll(lines, { timeout: 10_000 }).toEqual(['first', 'second', 'third']);
  });

  test('leads a process group of its own, which Ctrl-C at ours does not reach', async () => {
    const supervised = await supervise('ready();');
    expect(process.kill(-pidOf(supervised), 0)).toBe(true);
  });

  test('ends as soon as its stdin closes, also when it ignores signals', async () => {
    const supervised = await supervise(`process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); ready();`);
    const startedAtMs = performance.now();
    await supervised.stop();
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    expect(messages()).toEqual([]);
  });
});
