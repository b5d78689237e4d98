import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startOwnPostgres } from '#tests/support/own-postgres.ts';
import { eventually, findFreePort } from '#tests/support/processes.ts';
import { startServerOverPostgres, type ServerOverPostgres } from '#tests/support/server-over-postgres.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';

/*
 * How the built server ends when it is told to: in order and in time, under load and over a sick Postgres.
 */
const CLIENTS = 12;
const STOP_MS_MAX = 30_000;

/** Gives the work a server of its own, and closes it whatever comes. */
async function withServer(env: Readonly<Record<string, string>>, work: (site: ServerOverPostgres) => Promise<void>): Promise<void> {
  const site = await startServerOverPostgres(env);
  await work(site).finally(() => site.close());
}

/** Ends the server by SIGTERM; gives how long that took and with what code. */
async function terminate({ server }: ServerOverPostgres) {
  const startedMs = performance.now();
  const exitCode = await server.end();
  return { exitCode, afterMs: performance.now() - startedMs };
}

test('SIGTERM under load fails not a single request: it is not ready first, and what was begun is ended', () =>
  withServer({ SHUTDOWN_GRACE_SECONDS: '2' }, async (site) => {
    const { server, cookie } = site;
    let isInService = true;
    const failures: string[] = [];
    let answered = 0;
    const ask = async (path: string): Promise<void> => {
      try {
        const response = await fetch(`${server.baseUrl}${path}`, { headers: { cookie } });
        await response.arrayBuffer();
        if (response.status === 200) answered += 1;
        else failures.push(`${path}: ${response.status}`);
      } catch (error) {
        failures.push(`${path}: ${String(error)}: ${error instanceof Error ? String(error.cause) : ''}`);
      }
    };
    const clients = Array.from({ length: CLIENTS }, async (_, index) => {
      while (isInService) await ask(['/monitoring', '/trpc/health.get', '/monitoring/budgets'][index % 3] ?? '/monitoring');
    });
    await eventually('some load', () => answered > 50);
    // As a load balancer does: it sends until readiness says no.
    const balancer = (async () => {
      while ((await site.readyStatus()) === 200) await sleep(50);
      isInService = false;
    })();
    const ended = terminate(site);
    await Promise.all([balancer, ...clients]);
    const { exitCode, afterMs } = await ended;
    expect(failures).toEqual([]);
    expect(exitCode).toBe(0);
    expect(afterMs).toBeGreaterThan(1_900);
    expect(afterMs).toBeLessThan(STOP_MS_MAX);
  }), 60_000);

describe.concurrent('SIGTERM ends it in time', () => {
  const expectInTime = async (site: ServerOverPostgres): Promise<void> => {
    const { exitCode, afterMs } = await terminate(site);
    expect(exitCode).toBe(0);
    expect(afterMs).toBeLessThan(STOP_MS_MAX);
  };

  test('while Postgres is frozen', () =>
    withServer({}, async (site) => {
      site.postgres.freeze('all');
      await eventually('readiness to turn', async () => (await site.readyStatus()) === 503);
      await expectInTime(site);
    }), 60_000);

  test('the moment the link to Postgres swallows everything', () =>
    withServer({}, async (site) => {
      site.link.swallow('up', 'down');
      await expectInTime(site);
    }), 60_000);

  test.each(['swallows everything', 'hangs up'])('in the middle of a start over a Postgres that %s', async (how) => {
    const postgres = await startOwnPostgres();
    const link = await startTcpProxy({ path: postgres.socketPath });
    if (how === 'hangs up') link.hangUp();
    else link.swallow('down');
    const { exitCode, afterMs, output } = await terminateStart(`postgres://postgres@127.0.0.1:${link.port}/adtrobot`);
    expect(afterMs).toBeLessThan(STOP_MS_MAX);
    // Whoever hangs up is gone at once: then the start has failed before it could be stopped.
    expect([0, 1]).toContain(exitCode);
    expect(output).not.toMatch(/TypeError|unhandled/iu);
    expect(link.connectionCount()).toBeLessThan(10);
    await link.close();
    await postgres.close();
  }, 60_000);
});

/** Starts the server on a database and tells it to end as soon as it looks at the schema. */
async function terminateStart(databaseUrl: string) {
  const child = spawn(process.execPath, ['build/server/index.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(await findFreePort()),
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: 'a-secret-of-this-very-test',
      OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    },
  });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually('the schema to be looked at', () => output.includes('database schema') || child.exitCode !== null);
  const startedMs = performance.now();
  child.kill('SIGTERM');
  await closed;
  return { exitCode: child.exitCode, afterMs: performance.now() - startedMs, output };
}
