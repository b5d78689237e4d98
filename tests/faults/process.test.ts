import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, findFreePort, spawnServer } from '#tests/support/processes.ts';

/*
 * The built server's process: how it starts, refuses to start, and ends.
 */
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-process-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Neither service: the bot and readings are off, so that only the process itself is looked at. */
const quiet = () => ({ DATA_DIR: dataDir, OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789', OPENROUTER_BASE_URL: 'http://127.0.0.1:9' });

/** Runs the built server to its end; gives the exit code, all that it printed, and how long it took. */
async function runToEnd(env: Record<string, string>) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['build/server/index.js'], { stdio: ['ignore', 'pipe', 'pipe'], env: { NODE_ENV: 'production', PATH: process.env['PATH'], ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Later than its exit: only then all of its output is there.
  await once(child, 'close');
  return { exitCode: child.exitCode, output, durationMs: performance.now() - startedAt };
}

test('a wrong configuration ends the start with one message that names every fault and shows no value', async () => {
  const { exitCode, output } = await runToEnd({ DATA_DIR: dataDir, PORT: 'nowhere', REPORTING_TIMEZONE: 'Mars/Base', TELEGRAM_BOT_TOKEN: 'hunter2-is-secret' });
  expect(exitCode).toBe(1);
  for (const name of ['PORT', 'REPORTING_TIMEZONE', 'TELEGRAM_BOT_TOKEN']) expect(output).toContain(name);
  expect(output).not.toContain('hunter2');
});

test('a port that is taken is said in words, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const { exitCode, output } = await runToEnd({ ...quiet(), HOST: '127.0.0.1', PORT: port });
  taken.close();
  expect(exitCode).toBe(1);
  expect(output).toContain(`Port ${port} on 127.0.0.1 is taken by another program`);
  expect(output).toContain('choose another port: PORT=');
  expect(output).not.toMatch(/Postgres|sandbox|command menu/iu);
  expect(output).not.toContain('    at ');
  const again = await spawnServer(quiet());
  expect(await again.end()).toBe(0);
});

test('killed with SIGKILL, the next start takes over its data', async () => {
  const first = await spawnServer(quiet());
  await first.end('SIGKILL');
  const second = await spawnServer(quiet());
  expect(await second.end()).toBe(0);
});

test('a second server on the same data directory is refused in words while the first goes on', async () => {
  const first = await spawnServer(quiet());
  const { exitCode, output } = await runToEnd({ ...quiet(), PORT: String(await findFreePort()) });
  expect(exitCode).toBe(1);
  expect(output).toContain('in use by another AdtroBot');
  expect((await fetch(`${first.baseUrl}/health/ready`)).status).toBe(200);
  expect(await first.end()).toBe(0);
});

test('SIGTERM in the middle of a start ends it in order', async () => {
  const child = spawn(process.execPath, ['build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_ENV: 'production', PATH: process.env['PATH'], DATA_DIR: join(dataDir, 'fresh'), PORT: String(await findFreePort()), SANDBOX_HISTORY_DAYS: '365' },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually('the past to be laid down', () => output.includes('Laying down'));
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  expect(output).not.toContain('is ready');
}, 60_000);

test('at a stop it is not ready first, and still answers until the grace is over', async () => {
  const server = await spawnServer({ ...quiet(), SHUTDOWN_GRACE_SECONDS: '3' });
  const ended = server.end();
  await eventually('readiness to turn', async () => (await fetch(`${server.baseUrl}/health/ready`)).status === 503);
  await sleep(500);
  expect((await fetch(`${server.baseUrl}/health/live`)).status).toBe(200);
  expect(await ended).toBe(0);
});

test('a second SIGTERM ends at once what the first would still wait for', async () => {
  const server = await spawnServer(quiet());
  const { hostname, port } = new URL(server.baseUrl);
  const slow = connect(Number(port), hostname);
  slow.on('error', () => undefined);
  slow.write(`POST /login HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${server.baseUrl}\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\na`);
  // So it says that it has the request.
  expect(String(await once(slow, 'data'))).toContain('100 Continue');
  process.kill(server.pid, 'SIGTERM');
  await eventually('the stop to begin', () => server.output().includes('SIGTERM: stopping'));
  expect(await server.end('SIGTERM')).toBe(1);
  slow.destroy();
});

test('without a bot token the check of Telegram is disabled, which is neither healthy nor unhealthy', async () => {
  const server = await spawnServer({ ...quiet(), METRICS_TOKEN: 'a-long-metrics-token' });
  const report = await eventually('the checks', async () => {
    const body = (await (await fetch(`${server.baseUrl}/health`, { headers: { authorization: 'Bearer a-long-metrics-token' } })).json()) as { checks: { check: string; state: string }[] };
    return body.checks.every(({ state }) => state !== 'unknown') && body.checks;
  });
  expect(report.find(({ check }) => check === 'telegram')?.state).toBe('disabled');
  expect(report.find(({ check }) => check === 'openrouter')?.state).toBe('unhealthy');
  expect((await fetch(`${server.baseUrl}/health/ready`)).status).toBe(200);
  expect((await fetch(`${server.baseUrl}/metrics`)).status).toBe(401);
  expect((await fetch(`${server.baseUrl}/metrics`, { headers: { authorization: 'Bearer a-long-metrics-token' } })).status).toBe(200);
  await server.end();
});
