import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { findFreePort } from '#tests/support/processes.ts';
import type { Contest } from '../contest.ts';

const READY_TIMEOUT_MS = 90_000;
const POLL_INTERVAL_MS = 5;
const BARE_SERVER = `require('node:http').createServer((_, response) => response.end('ok')).listen(Number(process.argv[1]), '127.0.0.1')`;

/** Milliseconds from starting the built server on data that exist to `/health/ready`, sandbox and all, against what no start can do without. */
export async function createBootContest(dataDir: string, roundCount: number): Promise<Contest> {
  const port = await findFreePort();
  const start = () => startProcess(['--enable-source-maps', 'build/server/index.js'], `http://127.0.0.1:${port}/health/ready`, serverEnvironment(dataDir, port));
  const first = await start();
  await end(first.child, 'SIGTERM');
  const afterOrderlyStop = async (): Promise<number> => {
    const { child, readyMs } = await start();
    await end(child, 'SIGTERM');
    return readyMs;
  };
  const afterKill = async (): Promise<number> => {
    await end((await start()).child, 'SIGKILL');
    return afterOrderlyStop();
  };
  return {
    name: 'Boot to ready',
    conditions: 'node build/server/index.js with its embedded Postgres and the sandbox of 40 people, second start, until /health/ready says 200',
    unit: 'ms',
    isHigherBetter: false,
    roundCount,
    warmUpCount: 0,
    contestants: [
      { name: 'after an orderly stop', measure: afterOrderlyStop },
      { name: 'after kill -9', measure: afterKill },
      { name: 'same Postgres + bare node:http', measure: () => startFloor(dataDir, port) },
    ],
  };
}

/** Postgres on the same data, then a server that only answers: nothing else is started. */
async function startFloor(dataDir: string, port: number): Promise<number> {
  const startedAt = performance.now();
  const postgres = await startEmbeddedPostgres({ dataDir });
  const postgresMs = performance.now() - startedAt;
  await postgres.stop();
  const { child, readyMs } = await startProcess(['-e', BARE_SERVER, String(port)], `http://127.0.0.1:${port}/`, {});
  await end(child, 'SIGTERM');
  return postgresMs + readyMs;
}

function serverEnvironment(dataDir: string, port: number): Record<string, string> {
  return { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, SANDBOX_HISTORY_DAYS: '3' };
}

/** Starts a process and waits until an address answers 200; gives the milliseconds between. */
async function startProcess(args: readonly string[], url: string, environment: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; readyMs: number }> {
  const startedAt = performance.now();
  const env = { NODE_ENV: 'production' as const, PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`a process ended with ${child.exitCode} before it was ready`);
    if (performance.now() - startedAt > READY_TIMEOUT_MS) {
      await end(child, 'SIGKILL');
      throw new Error('a process was not ready in time');
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return { child, readyMs: performance.now() - startedAt };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
