import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '#server/lib/logger.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '#server/sandbox/supervisor.ts';
import { createSandboxFolders, isAlive, sourceOf, type StandInName } from '#tests/support/sandbox.ts';
import { ANNA, createTelegramControl } from '#tests/support/telegram.ts';

let folders: Awaited<ReturnType<typeof createSandboxFolders>>;
const running: Sandbox[] = [];

beforeEach(async () => {
  folders = await createSandboxFolders();
  for (const name of ['telegram', 'openrouter', 'crowd'] as const) await folders.replace(name, noting(name));
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await folders.remove();
});

/** The stand-in itself, which first notes its pid and its flags. */
function noting(name: StandInName): string {
  return `import { appendFileSync } from 'node:fs';
    appendFileSync(new URL('./${name}.runs', import.meta.url), JSON.stringify({ pid: process.pid, flags: process.argv.slice(2) }) + '\\n');
    await import(${JSON.stringify(pathToFileURL(sourceOf(name)).href)});`;
}

async function runsOf(name: StandInName): Promise<{ pid: number; flags: string[] }[]> {
  const text = await readFile(join(folders.scriptsDir, `${name}.runs`), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const { scriptsDir, dataDir } = folders;
  const sandbox = await startSandbox({
    ...{ scriptsDir, dataDir, seed: 1, userCount: 400, latencyScale: 0, logger: createLogger('silent') },
    ...options,
  });
  running.push(sandbox);
  return sandbox;
}

async function kill(name: StandInName): Promise<void> {
  const pid = (await runsOf(name)).at(-1)?.pid;
  if (!pid) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGKILL');
}

const flagOf = (flags: readonly string[], name: string) => flags[flags.indexOf(`--${name}`) + 1];

describe('a stand-in that is killed', () => {
  test('comes back at its address, with the same token and with what people wrote before', async () => {
    const sandbox = await start();
    const telegram = createTelegramControl(sandbox.telegramControlUrl);
    const { updateId } = await telegram.write(ANNA, 'before');
    // It is written once a second.
    await expect.poll(() => readFile(join(folders.dataDir, 'sandbox', 'telegram-state.json'), 'utf8').catch(() => ''), { timeout: 15_000 }).toContain('before');
    await kill('telegram');
    const getUpdates = () => fetch(`${sandbox.telegramApiRoot}/bot${sandbox.telegramToken}/getUpdates`).then((response) => response.json());
    await expect
      .poll(() => getUpdates().catch(() => null), { timeout: 15_000 })
      .toMatchObject({ ok: true, result: [{ update_id: updateId, message: { text: 'before' } }] });
    expect((await telegram.write(ANNA, 'after')).updateId).toBeGreaterThan(updateId);
  });

  test('does not take the other one with it', async () => {
    const sandbox = await start();
    await kill('openrouter');
    await expect(createTelegramControl(sandbox.telegramControlUrl).write(ANNA, 'hi')).resolves.toBeDefined();
    await expect.poll(() => runsOf('openrouter'), { timeout: 15_000 }).toHaveLength(2);
    const models = () => fetch(`${sandbox.openRouterBaseUrl}/models`).then(({ ok }) => ok);
    await expect.poll(() => models().catch(() => false), { timeout: 15_000 }).toBe(true);
    expect(await runsOf('telegram')).toHaveLength(1);
  });

  test('has the crowd back, and everything ends with the sandbox', async () => {
    const sandbox = await start();
    await sandbox.startCrowd();
    await kill('crowd');
    await expect.poll(() => runsOf('crowd'), { timeout: 15_000 }).toHaveLength(2);
    await sandbox.stop();
    const runs = await Promise.all((['telegram', 'openrouter', 'crowd'] as const).map(runsOf));
    expect(runs.flat().filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});

describe('the set-up', () => {
  test('reaches the processes: seed, number of people, latency', async () => {
    const sandbox = await start({ seed: 5, userCount: 7, latencyScale: 0.5 });
    await Promise.all([sandbox.startCrowd(), sandbox.startCrowd()]);
    await expect.poll(() => runsOf('crowd')).toHaveLength(1);
    const [[crowd], [telegram], [openRouter]] = [await runsOf('crowd'), await runsOf('telegram'), await runsOf('openrouter')];
    expect([flagOf(crowd?.flags ?? [], 'users'), flagOf(crowd?.flags ?? [], 'seed')]).toEqual(['7', '5']);
    expect(flagOf(telegram?.flags ?? [], 'latency')).toBe('30');
    expect([flagOf(openRouter?.flags ?? [], 'latency-scale'), flagOf(openRouter?.flags ?? [], 'seed')]).toEqual(['0.5', '5']);
  });

  test('has a key by the seed, and a new bot token at each start', async () => {
    const first = await start();
    await first.stop();
    const second = await start();
    await second.stop();
    const other = await start({ seed: 2 });
    expect(second.openRouterApiKey).toBe(first.openRouterApiKey);
    expect(other.openRouterApiKey).not.toBe(first.openRouterApiKey);
    expect(second.telegramToken).not.toBe(first.telegramToken);
    expect(first.telegramToken).toMatch(/^7123456789:[\w-]{32}$/u);
  });

  test.each([['http://203.0.113.7:80'], ['https://127.0.0.1:1'], ['http://localhost:1']])('never points clients to %s', async (apiRoot) => {
    const line = JSON.stringify({ ready: true, apiRoot, controlUrl: 'http://127.0.0.1:1/control' });
    await folders.replace('telegram', `console.log('${line}'); process.stdin.on('end', () => process.exit(0)).resume();`);
    await expect(start()).rejects.toThrow('the sandbox could not be started');
    const [openRouter] = await runsOf('openrouter');
    expect(openRouter && isAlive(openRouter.pid)).toBe(false);
  });
});
