import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { statusChanges, watchProbe } from '#tests/support/probe-watch.ts';
import { eventually, findFreePort, spawnServer } from '#tests/support/processes.ts';

/*
 * The second listener of the built server, from the first moment of its process to the last.
 */
let database: TestDatabase;
let port: string;
beforeAll(async () => {
  database = await createTestDatabase();
  port = String(await findFreePort());
});
afterAll(() => database.drop());

const environment = () => ({
  DATABASE_URL: database.url,
  SESSION_SECRET: 'a-secret-of-this-very-test',
  OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
  OPENROUTER_BASE_URL: 'http://127.0.0.1:1',
  HOST: '127.0.0.1',
  MANAGEMENT_PORT: port,
  MANAGEMENT_HOST: '127.0.0.1',
});

test('it is live and not ready during a start, ready after it, not ready at once at a stop, and live to the end', async () => {
  const [live, ready] = [watchProbe(`http://127.0.0.1:${port}/health/live`, { intervalMs: 10 }), watchProbe(`http://127.0.0.1:${port}/health/ready`, { intervalMs: 10 })];
  const server = await spawnServer({ ...environment(), SHUTDOWN_GRACE_SECONDS: '3' });
  expect(server.output()).toContain(`Probes and metrics, whatever the main loop does: port ${port}\n`);
  await eventually('readiness', () => ready.samples.at(-1)?.status === 200);
  const ended = server.end();
  await eventually('readiness to turn', () => ready.samples.at(-1)?.status === 503);
  expect((await fetch(`${server.baseUrl}/health/live`)).status).toBe(200);
  expect(await ended).toBe(0);
  await eventually('the end', () => live.samples.at(-1)?.status === 0 && ready.samples.at(-1)?.status === 0);
  expect(statusChanges(await live.stop())).toEqual([0, 200, 0]);
  expect(statusChanges(await ready.stop())).toEqual([0, 503, 200, 503, 0]);
}, 60_000);

test('a port that is taken is said in words, with the variable that changes it, before anything else is started', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const takenPort = String((taken.address() as AddressInfo).port);
  const env = { NODE_ENV: 'production' as const, PATH: process.env['PATH'], ...environment(), PORT: String(await findFreePort()), MANAGEMENT_PORT: takenPort };
  const child = spawn(process.execPath, ['build/server/index.js'], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  taken.close();
  expect(child.exitCode).toBe(1);
  expect(output).toContain(`Port ${takenPort} on 127.0.0.1 is taken by another program`);
  expect(output).toContain('choose another port: MANAGEMENT_PORT=');
  expect(output).not.toMatch(/schema|ready|Probes/u);
  expect(output).not.toContain('    at ');
});

test('without MANAGEMENT_PORT there is no second listener', async () => {
  const { MANAGEMENT_PORT: _none, ...env } = environment();
  const server = await spawnServer(env);
  expect(server.output()).not.toContain('Probes and metrics');
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
  expect(await server.end()).toBe(0);
});
