import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '#server/lib/logger.ts';
import { startManagement, type Management, type ManagementOptions } from '#server/management/start-management.ts';

const SCRIPT = resolve('server/management/thread.ts');
const started: Management[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((management) => management.stop()));
});

async function start(options: Partial<ManagementOptions> = {}) {
  const logged: string[] = [];
  const logger = createLogger('error');
  logger.error = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  const management = await startManagement({
    scriptPath: SCRIPT,
    host: '127.0.0.1',
    port: 0,
    token: null,
    isReady: () => true,
    isLive: () => true,
    renderText: () => Promise.resolve('a 1\n'),
    logger,
    ...options,
  });
  started.push(management);
  const ask = (path: string) => fetch(`http://127.0.0.1:${management.port}${path}`, { signal: AbortSignal.timeout(5_000) });
  const statusOf = async (path: string) => (await ask(path)).status;
  return { management, logged, ask, statusOf };
}

describe('the second listener', () => {
  it('tells what the main loop says of itself, at once when it is told to', async () => {
    let state = { isReady: false, isLive: true };
    const { management, statusOf } = await start({ isReady: () => state.isReady, isLive: () => state.isLive });
    expect([await statusOf('/health/live'), await statusOf('/health/ready')]).toEqual([200, 503]);
    state = { isReady: true, isLive: true };
    management.update();
    expect(await statusOf('/health/ready')).toBe(200);
    state = { isReady: true, isLive: false };
    await expect.poll(() => statusOf('/health/live'), { timeout: 2_000 }).toBe(503);
  });

  it('has the main loop render once a second at most, however many scrape', async () => {
    let renderings = 0;
    const { ask } = await start({ renderText: () => Promise.resolve(`a ${(renderings += 1)}\n`) });
    const startedMs = performance.now();
    for (let round = 0; round < 5; round += 1) {
      for (const answer of await Promise.all(Array.from({ length: 40 }, () => ask('/metrics')))) expect(await answer.text()).toMatch(/^a \d\n$/);
    }
    // The one at the start, the first scrape's, and one for each second that the rest took.
    expect(renderings).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - startedMs) / 1_000));
  });

  it('shows the last metrics while the main loop does not answer, and newer ones when it does again', async () => {
    let answer = (): Promise<string> => Promise.resolve('a 1\n');
    const { ask } = await start({ renderText: () => answer() });
    const text = async () => (await ask('/metrics')).text();
    expect(await text()).toBe('a 1\n');
    const { promise, resolve: answerLate } = Promise.withResolvers<string>();
    answer = () => promise;
    const startedMs = performance.now();
    // Once the first second is over, each waits half a second in vain.
    while (performance.now() - startedMs < 2_000) expect(await text()).toBe('a 1\n');
    answer = () => Promise.resolve('a 3\n');
    answerLate('a 2\n');
    await expect.poll(text, { timeout: 5_000 }).toBe('a 3\n');
  });

  it('says so when the metrics cannot be rendered, and logs why', async () => {
    const { statusOf, logged } = await start({ renderText: () => Promise.reject(new Error('a collector failed')) });
    expect(await statusOf('/metrics')).toBe(503);
    expect(logged.join()).toContain('a collector failed');
    expect(await statusOf('/health/live')).toBe(200);
  });

  it('asks for the token of the metrics', async () => {
    const { management, statusOf } = await start({ token: 'a-long-metrics-token' });
    expect(await statusOf('/metrics')).toBe(401);
    const allowed = await fetch(`http://127.0.0.1:${management.port}/metrics`, { headers: { authorization: 'Bearer a-long-metrics-token' } });
    expect(allowed.status).toBe(200);
  });

  it('does not start on a port that is taken, and leaves nothing behind', async () => {
    const { management } = await start();
    await expect(start({ port: management.port })).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('EADDRINUSE') });
    await expect(start({ scriptPath: resolve('server/management/absent.js') })).rejects.toMatchObject({ code: 'unavailable' });
    expect(started).toHaveLength(1);
  });

  it('is started again on the same port when its thread ends by itself', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'adtrobot-thread-'));
    const scriptPath = join(dir, 'thread.mjs');
    // For as long as this file is there no thread stays.
    const signPath = join(dir, 'end');
    const endOnSign = `import { existsSync } from 'node:fs';\nsetInterval(() => existsSync(${JSON.stringify(signPath)}) && process.exit(1), 20);\n`;
    await writeFile(scriptPath, `${endOnSign}await import(${JSON.stringify(pathToFileURL(SCRIPT).href)});\n`);
    const { statusOf, logged } = await start({ scriptPath });
    const isAnswered = () => statusOf('/health/live').then((status) => status === 200, () => false);
    expect(await isAnswered()).toBe(true);
    await writeFile(signPath, '');
    await expect.poll(isAnswered, { timeout: 5_000 }).toBe(false);
    await rm(signPath);
    await expect.poll(isAnswered, { timeout: 10_000 }).toBe(true);
    expect(logged.join()).toContain('the management listener ended, restarting');
    await rm(dir, { recursive: true, force: true });
  });

  it('is closed by a stop, which may be asked for again', async () => {
    const { management, statusOf } = await start();
    expect(await statusOf('/health/live')).toBe(200);
    await Promise.all([management.stop(), management.stop()]);
    await expect(statusOf('/health/live')).rejects.toThrow('fetch failed');
  });
});
