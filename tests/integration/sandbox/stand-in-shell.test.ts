import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandboxFolders } from '#tests/support/sandbox.ts';

const SHELL = pathToFileURL(resolve('server/sandbox/stand-in-process.ts')).href;

let folders: Awaited<ReturnType<typeof createSandboxFolders>>;
const started: ChildProcessWithoutNullStreams[] = [];

beforeEach(async () => {
  folders = await createSandboxFolders();
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await folders.remove();
});

/** A process around the stand-in that `start` describes, with what it printed so far. */
async function run(start: string, ...flags: string[]) {
  await folders.replace(
    'crowd',
    `import { runStandInProcess } from ${JSON.stringify(SHELL)};
    await runStandInProcess({ options: { seed: '1', name: null }, start: ${start} });`,
  );
  const child = spawn(process.execPath, [join(folders.scriptsDir, 'sandbox-crowd.js'), ...flags]);
  started.push(child);
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.err += chunk.toString()));
  return { child, printed, ended: once(child, 'close') };
}

async function runUntilReady(start: string, ...flags: string[]) {
  const running = await run(start, ...flags);
  const [line] = await once(createInterface({ input: running.child.stdout }), 'line', { signal: AbortSignal.timeout(20_000) });
  return { ...running, line: JSON.parse(String(line)) };
}

/** Holds the process until it is closed, and says so when it is. */
const HOLDING = `async (flags) => {
  const timer = setInterval(() => undefined, 1000);
  return { ready: { seed: flags.seed, name: String(flags.name) }, close: async () => { clearInterval(timer); process.stderr.write('closed once;'); } };
}`;

describe('the process of a stand-in', () => {
  test('gives the flags and their defaults to the stand-in, and its word to the parent', async () => {
    expect((await runUntilReady(HOLDING, '--name', 'a name')).line).toEqual({ ready: true, seed: '1', name: 'a name' });
    expect((await runUntilReady(HOLDING, '--seed=5')).line).toEqual({ ready: true, seed: '5', name: 'undefined' });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('closes the stand-in on %s and ends well', async (signal) => {
    const { child, printed, ended } = await runUntilReady(HOLDING);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(printed.err).toBe('closed once;');
  });

  test('closes once, also when the parent goes and signals at the same time', async () => {
    const { child, printed, ended } = await runUntilReady(HOLDING);
    child.stdin.end();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(printed.err).toBe('closed once;');
  });

  test('takes what the parent writes for no reason to end', async () => {
    const { child, ended } = await runUntilReady(HOLDING);
    child.stdin.write('hello\n');
    const first = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500, 'still running'))]);
    expect(first).toBe('still running');
  });

  test('ends, not crashes, when nobody reads its word', async () => {
    const { child, printed, ended } = await run(`async () => {
      await new Promise((resolve) => process.stdin.once('data', resolve));
      return (${HOLDING})({ seed: '1' });
    }`);
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.stdin.write('go on\n');
    expect(await ended).toEqual([0, null]);
    expect(printed.err).toBe('closed once;');
  });

  test('ends with 1 and the reason, cause included, when the stand-in cannot start', async () => {
    const { printed, ended } = await run(`async () => { throw new Error('no port', { cause: new Error('taken') }); }`);
    expect(await ended).toEqual([1, null]);
    expect(printed).toEqual({ out: '', err: 'no port: taken\n' });
  });

  test('ends with 1 and the reason when the stand-in cannot close', async () => {
    const { child, printed, ended } = await runUntilReady(`async () => ({ ready: {}, close: async () => { throw new Error('disk full'); } })`);
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(printed.err).toBe('disk full\n');
  });

  test('is ended by force when closing takes longer than five seconds', async () => {
    const { child, ended } = await runUntilReady(
      `async () => { setInterval(() => undefined, 1000); return { ready: {}, close: () => new Promise(() => undefined) }; }`,
    );
    const startedAtMs = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(performance.now() - startedAtMs).toBeGreaterThan(4_500);
    expect(performance.now() - startedAtMs).toBeLessThan(9_000);
  });
});
