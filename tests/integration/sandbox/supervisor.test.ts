import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '#server/lib/logger.ts';
import { startSupervisedProcess, type SupervisedProcess } from '#server/sandbox/supervisor-process.ts';
import { startSandbox, type Sandbox } from '#server/sandbox/supervisor.ts';
import { createSandboxFolders, isAlive } from '#tests/support/sandbox.ts';
import { ANNA, createTelegramControl } from '#tests/support/telegram.ts';

const logger = createLogger('silent');
let folders: Awaited<ReturnType<typeof createSandboxFolders>>;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  folders = await createSandboxFolders();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await folders.remove();
});

async function start(userCount = 400): Promise<Sandbox> {
  const { scriptsDir, dataDir } = folders;
  const sandbox = await startSandbox({ scriptsDir, dataDir, seed: 1, userCount, latencyScale: 0, logger });
  running.push(sandbox);
  return sandbox;
}

/** Never 0, which would mean our own process group. */
function pidOf(supervised: SupervisedProcess<unknown>): number {
  const pid = supervised.pid();
  if (!pid) throw new Error('the process does not run');
  return pid;
}

const isUp = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('the sandbox', () => {
  test('runs both stand-ins and lets the crowd in when told', async () => {
    const sandbox = await start();
    const me = await fetch(`${sandbox.telegramApiRoot}/bot${sandbox.telegramToken}/getMe`);
    expect(await me.json()).toMatchObject({ ok: true, result: { is_bot: true } });
    const models = await fetch(`${sandbox.openRouterBaseUrl}/models`, { headers: { authorization: `Bearer ${sandbox.openRouterApiKey}` } });
    expect(models.status).toBe(200);
    const telegram = createTelegramControl(sandbox.telegramControlUrl);
    expect(await telegram.pending()).toMatchObject({ count: 0 });
    await Promise.all([sandbox.startCrowd(), sandbox.startCrowd()]);
    await expect.poll(async () => (await telegram.pending()).count, { timeout: 15_000 }).toBeGreaterThan(0);
  });

  test('lets nobody in to an empty room, which is no failure', async () => {
    const sandbox = await start(0);
    await sandbox.startCrowd();
    expect(await createTelegramControl(sandbox.telegramControlUrl).pending()).toMatchObject({ count: 0 });
  });

  test('lets people of the past in as people who know the bot', async () => {
    const sandbox = await start();
    const telegram = createTelegramControl(sandbox.telegramControlUrl);
    await sandbox.startCrowd({ days: 30, until: new Date() });
    await expect.poll(async () => (await telegram.pending()).count, { timeout: 15_000 }).toBeGreaterThan(5);
    const updates = await fetch(`${sandbox.telegramApiRoot}/bot${sandbox.telegramToken}/getUpdates`);
    expect(await updates.text()).toMatch(/"\/(?:horoscope|tarot|natal)/u);
  });

  test('stops everything, once, and lets nobody in afterwards', async () => {
    const sandbox = await start();
    await sandbox.startCrowd();
    const startedAtMs = Date.now();
    await Promise.all([sandbox.stop(), sandbox.stop()]);
    expect(Date.now() - startedAtMs).toBeLessThan(10_000);
    expect([await isUp(sandbox.telegramControlUrl), await isUp(sandbox.openRouterControlUrl)]).toEqual([false, false]);
    await sandbox.startCrowd();
  });

  test('keeps journals in the data directory, and chats over a restart of all', async () => {
    const first = await start();
    await createTelegramControl(first.telegramControlUrl).write(ANNA, 'remember me');
    await fetch(`${first.telegramApiRoot}/bot${first.telegramToken}/getMe`);
    await first.stop();
    expect(await readFile(join(folders.dataDir, 'sandbox', 'telegram.jsonl'), 'utf8')).toContain('"method":"getMe"');
    const second = await start();
    expect(second.openRouterApiKey).toBe(first.openRouterApiKey);
    expect((await createTelegramControl(second.telegramControlUrl).readChat(ANNA.id)).messages).toMatchObject([{ text: 'remember me' }]);
  });

  test('does not start halfway: when one stand-in cannot, none is left', async () => {
    await folders.replace('openrouter', 'process.exit(3);');
    await expect(start()).rejects.toThrow('the sandbox could not be started');
  });
});

describe('a supervised process', () => {
  const Ready = z.object({ port: z.string() });
  /** Listens on the asked-for port and ends itself on request. */
  const SCRIPT = `
    import { createServer } from 'node:http';
    const server = createServer((req, res) => { if (req.url === '/crash') process.exit(9); res.end('ok'); });
    server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(JSON.stringify({ ready: true, port: String(server.address().port) })));
    process.stdin.on('end', () => process.exit(0)).resume();
  `;

  async function supervise(script: string): Promise<SupervisedProcess<z.infer<typeof Ready>>> {
    await folders.replace('telegram', script);
    const supervised = await startSupervisedProcess({
      name: 'test',
      scriptPath: join(folders.scriptsDir, 'sandbox-telegram.js'),
      buildArgs: (ready) => [ready?.port ?? '0'],
      readySchema: Ready,
      logger,
    });
    running.push(supervised);
    return supervised;
  }

  test('comes back on the same port after a crash, again and again', async () => {
    const supervised = await supervise(SCRIPT);
    const url = `http://127.0.0.1:${supervised.ready.port}`;
    for (const count of [1, 2]) {
      await fetch(`${url}/crash`).catch(() => undefined);
      await expect.poll(() => supervised.restartCount(), { timeout: 10_000 }).toBe(count);
      await expect.poll(() => isUp(url), { timeout: 10_000 }).toBe(true);
    }
  });

  test('comes back when it was killed', async () => {
    const supervised = await supervise(SCRIPT);
    const pid = pidOf(supervised);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => supervised.restartCount(), { timeout: 10_000 }).toBe(1);
    await expect.poll(() => isUp(`http://127.0.0.1:${supervised.ready.port}`), { timeout: 10_000 }).toBe(true);
    expect(supervised.pid()).not.toBe(pid);
  });

  test('stays ended once it is stopped', async () => {
    const supervised = await supervise(SCRIPT);
    const pid = pidOf(supervised);
    await Promise.all([supervised.stop(), supervised.stop()]);
    expect(isAlive(pid)).toBe(false);
    expect(supervised.restartCount()).toBe(0);
  });

  test('is ended by force when it ignores all else', async () => {
    const stubborn = await supervise(`
      process.on('SIGTERM', () => {});
      console.log(JSON.stringify({ port: '1' }));
      setInterval(() => {}, 1000);
    `);
    const pid = pidOf(stubborn);
    await stubborn.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test.each([
    ['that ends before it is ready', 'process.exit(1);', 'ended before it was ready'],
    [
      'whose first line makes no sense',
      "console.log('hello'); setInterval(() => {}, 1000); process.stdin.on('end', () => process.exit(0)).resume();",
      'JSON',
    ],
    ['that says too little', `console.log('{"ready":true}'); process.stdin.on('end', () => process.exit(0)).resume();`, 'port'],
  ])('%s is a failed start', async (_what, script, reason) => {
    await expect(supervise(script)).rejects.toThrow(reason);
  });
});
