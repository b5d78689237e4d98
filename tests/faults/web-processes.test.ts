import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { PerformanceReport } from '#server/contracts/performance.ts';
import { eventually, findFreePort, logIn, spawnServer, type ServerProcess } from '#tests/support/processes.ts';

/*
 * The built server with three web processes on one port, and the main process behind them.
 */
const OWNER = { email: 'owner@example.org', password: 'a-long-enough-password' };
const PROCESS_COUNT = 3;
/** Of the API, to who asks for the report on performance. */
const Answer = z.object({ result: z.object({ data: PerformanceReport }) });
const LOGIN_GETS = 'adtrobot_requests_total{handler="/login",method="GET",status="2xx"}';

let dataDir: string;
let server: ServerProcess;
/** Where the main process answers itself. */
let management: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adtrobot-web-'));
  const managementPort = String(await findFreePort());
  management = `http://127.0.0.1:${managementPort}`;
  server = await spawnServer({
    DATA_DIR: dataDir,
    PORT: String(await findFreePort()),
    WEB_CONCURRENCY: String(PROCESS_COUNT),
    SANDBOX_USERS: '5',
    SANDBOX_HISTORY_DAYS: '0',
    SHUTDOWN_GRACE_SECONDS: '5',
    MANAGEMENT_PORT: managementPort,
    MANAGEMENT_HOST: '127.0.0.1',
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
  });
}, 120_000);

afterAll(async () => {
  await server.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** A connection of its own for each request, so that the system shares them out over the processes. */
async function get(path: string, baseUrl = server.baseUrl): Promise<{ readonly status: number; readonly body: string }> {
  const dispatcher = new Agent({ pipelining: 0, keepAliveTimeout: 1 });
  try {
    const response = await undiciFetch(`${baseUrl}${path}`, { dispatcher, signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.text() };
  } finally {
    await dispatcher.close();
  }
}

/** The pids of the web processes: children of the main one that run the same program. */
function webPids(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(server.pid)], { encoding: 'utf8' }).trim().split('\n');
  return lines.filter((line) => /build\/server\/index\.js/.test(line)).map((line) => Number.parseInt(line, 10));
}

async function readSample(series: string, baseUrl?: string): Promise<number> {
  const { status, body } = await get('/metrics', baseUrl);
  if (status !== 200) throw new Error(`/metrics answered ${status}`);
  const line = body.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

/** Reads pages, some of them at once; gives how many were answered. */
async function readLogins(count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, () => get('/login').catch(() => null)));
  return answers.filter((answer) => answer?.status === 200).length;
}

let readCount = 0;

test('any of the processes answers a scrape with the one sum of all', async () => {
  expect(webPids()).toHaveLength(PROCESS_COUNT);
  // Not all at once: a process answers 32 at a time, and may get more than its share.
  for (let round = 0; round < 3; round += 1) readCount += await readLogins(20);
  expect(readCount).toBe(60);
  await eventually('the sum', async () => (await readSample(LOGIN_GETS).catch(() => null)) === readCount);
  const sums = await Promise.all(Array.from({ length: 12 }, () => readSample(LOGIN_GETS)));
  expect(new Set(sums)).toEqual(new Set([readCount]));
}, 60_000);

test('what is scraped next, and by whichever process, is never less than what was scraped before', async () => {
  const sums: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    if (index % 4 === 0) readCount += await readLogins(3);
    sums.push(await eventually('a sample', () => readSample(LOGIN_GETS).catch(() => null)));
  }
  expect(sums).toEqual([...sums].sort((one, other) => one - other));
}, 60_000);

test('each gauge is there once, combined as it must be', async () => {
  const { body } = await get('/metrics');
  expect(body.match(/^adtrobot_build_info\{.*\} (\d+)$/m)?.[1]).toBe('1');
  expect(body.match(/^process_start_time_seconds /gm)).toHaveLength(1);
  expect(body.match(/^adtrobot_active_users\{period="24h"\} /gm)).toHaveLength(1);
  expect(body.match(/^adtrobot_health_check_status\{check="database"\} 1$/gm)).toHaveLength(1);
});

test('a page and its session work whichever process answers', async () => {
  const cookie = await logIn(server.baseUrl, OWNER);
  for (let index = 0; index < 12; index += 1) {
    const response = await undiciFetch(`${server.baseUrl}/monitoring`, { headers: { cookie }, dispatcher: new Agent({ pipelining: 0, keepAliveTimeout: 1 }) });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(OWNER.email);
  }
}, 60_000);

test('the report on performance counts what all processes answered, as the metrics do', async () => {
  const cookie = await logIn(server.baseUrl, OWNER);
  const url = `${server.baseUrl}/trpc/performance.get?${new URLSearchParams({ input: JSON.stringify({ range: '24h' }) }).toString()}`;
  const readReported = async () => {
    const answer: unknown = await (await undiciFetch(url, { headers: { cookie } })).json();
    return Answer.parse(answer).result.data.requests.find(({ handler }) => handler === '/login')?.count;
  };
  const readCounted = async () => {
    const { body } = await get('/metrics');
    return [...body.matchAll(/^adtrobot_requests_total\{handler="\/login",.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const counted = await readCounted();
  expect(counted).toBeGreaterThanOrEqual(60);
  await eventually('the same count', async () => (await readReported()) === (await readCounted()), 15_000);
}, 60_000);

/**
 * Stops a process at a moment when the main process holds all that it has counted. A scrape would fetch that, so there is
 * none before: a stopped process is shown by what it told by itself. One that had not the time to is let go on, and asked for more.
 */
async function stopOnceTold(pid: number): Promise<void> {
  await eventually('all to be told', async () => {
    readCount += await readLogins(30);
    // It is told once a second.
    await sleep(1_500);
    process.kill(pid, 'SIGSTOP');
    const isTold = await eventually('the sum', async () => (await readSample(LOGIN_GETS, management)) === readCount, 3_000).catch(() => false);
    if (!isTold) process.kill(pid, 'SIGCONT');
    return isTold;
  });
}

test('a killed process is replaced, the others answer meanwhile, and the sum misses nothing and never falls', async () => {
  const sums: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const before = webPids();
    const [victim = 0] = before;
    await stopOnceTold(victim);
    process.kill(victim, 'SIGKILL');
    await eventually('another process', async () => {
      sums.push(await readSample(LOGIN_GETS).catch(() => readCount));
      const now = webPids();
      return now.length === PROCESS_COUNT && !now.includes(victim);
    });
    await eventually('the sum', async () => (await readSample(LOGIN_GETS).catch(() => null)) === readCount);
  }
  expect(sums).toEqual([...sums].sort((one, other) => one - other));
  expect(Math.min(...sums)).toBeGreaterThanOrEqual(60);
}, 90_000);

test('a stopped process that hangs is replaced, and scrapes go on without it', async () => {
  const [victim = 0] = webPids();
  process.kill(victim, 'SIGSTOP');
  await eventually('the stuck process to be ended', () => !webPids().includes(victim), 40_000);
  await eventually('all processes', () => webPids().length === PROCESS_COUNT);
  expect((await get('/metrics')).status).toBe(200);
}, 90_000);

test('at a stop every process turns not ready at once, still answers for the grace, and all are gone within 30 s', async () => {
  const pids = webPids();
  const ended = server.end('SIGTERM');
  await eventually('no process to be ready', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => get('/health/ready').catch(() => null)));
    return answers.every((answer) => answer?.status === 503);
  }, 1_500);
  expect((await get('/login')).status).toBe(200);
  const startedMs = performance.now();
  expect(await ended).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
}, 60_000);
