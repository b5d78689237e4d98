import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { slowestMs, statusChanges, watchProbe, type ProbeSample } from '#tests/support/probe-watch.ts';
import { eventually, findFreePort, spawnServer, type ServerProcess } from '#tests/support/processes.ts';

/*
 * The built server under floods of scrapes and of connections, which come from a process of their own.
 */
const SCRAPE_COUNT = 10_000;
const MIB = 1_024 * 1_024;
/** Of one scrape of a flood, its connection included. */
const CPU_SECONDS_MAX = 0.001;
const CLOCK_TICKS_PER_SECOND = 100;
/** Ten times a second: while a crowd connects the kernel drops packets, and a probe whose first one it drops comes a second later, whatever the server does. */
const PROBING = { intervalMs: 100 };

interface FloodResult {
  /** How many connections came to which end: a status, or `closed` without an answer. */
  readonly outcomes: Readonly<Record<string, number>>;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function startServer(env: Readonly<Record<string, string>> = {}) {
  const port = String(await findFreePort());
  const management = `http://127.0.0.1:${port}`;
  const server = await spawnServer({
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a-secret-of-this-very-test',
    OPENROUTER_API_KEY: 'sk-or-v1-test-0123456789',
    OPENROUTER_BASE_URL: 'http://127.0.0.1:1',
    MANAGEMENT_PORT: port,
    MANAGEMENT_HOST: '127.0.0.1',
    ...env,
  });
  await eventually('readiness', async () => (await fetch(`${management}/health/ready`)).status === 200);
  return { server, management };
}

/** Starts a flood; gives what came of it, and how to let go what it still holds. */
async function flood(url: string, count: number, flags: readonly string[] = []): Promise<{ result: FloodResult; release: () => Promise<void> }> {
  const child = spawn(process.execPath, [resolve('tests/support/flood.ts'), '--url', url, '--count', String(count), ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const release = async () => {
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  };
  return { result: JSON.parse(line) as FloodResult, release };
}

const rssBytes = ({ pid }: ServerProcess) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
/** User and system time; the name of the program, which may hold spaces, stands in brackets before them. */
function cpuSeconds({ pid }: ServerProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}
const openFileCount = ({ pid }: ServerProcess) => readdirSync(`/proc/${pid}/fd`).length;
/** Without its connections to Postgres, of which it makes more when it needs them. */
async function ownFileCount(server: ServerProcess): Promise<number> {
  const connections = await database.handle.sql`select from pg_stat_activity where datname = current_database() and application_name <> 'adtrobot-test' and backend_type = 'client backend'`;
  return openFileCount(server) - connections.length;
}

function expectUntouched(samples: readonly ProbeSample[]): void {
  expect(samples.length).toBeGreaterThan(5);
  expect(samples.filter(({ status }) => status !== 200)).toEqual([]);
  expect(slowestMs(samples)).toBeLessThan(1_000);
}

test('ten thousand scrapes at once are answered, told to come again, or closed at the cap of connections; memory is bounded, and live stays live', async () => {
  const { server, management } = await startServer();
  await (await fetch(`${server.baseUrl}/metrics`)).arrayBuffer();
  const before = { rss: rssBytes(server), files: await ownFileCount(server), cpu: cpuSeconds(server) };
  let rssMax = before.rss;
  const watchRss = setInterval(() => (rssMax = Math.max(rssMax, rssBytes(server))), 50);
  const [live, ready] = [watchProbe(`${management}/health/live`, PROBING), watchProbe(`${management}/health/ready`, PROBING)];

  // Twice: what the first leaves behind must do for the second.
  for (let round = 0; round < 2; round += 1) {
    const { result, release } = await flood(`${server.baseUrl}/metrics`, SCRAPE_COUNT);
    await release();
    // 408: a crowd on a busy machine that had not sent its request within five seconds.
    const { 200: answered = 0, 503: refused = 0, 408: late = 0, closed = 0, ...others } = result.outcomes;
    expect(others).toEqual({});
    expect(answered + refused + late + closed).toBe(SCRAPE_COUNT);
    expect(answered).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  }
  expectUntouched(await live.stop());
  // The loop may be so busy for a moment that it gets no traffic; it does not flap.
  expect(statusChanges(await ready.stop()).length).toBeLessThanOrEqual(3);
  clearInterval(watchRss);
  // Processor time, which says the same on a busy machine; rendering anew for each would take minutes.
  expect(cpuSeconds(server) - before.cpu).toBeLessThan(2 * SCRAPE_COUNT * CPU_SECONDS_MAX);
  expect((rssMax - before.rss) / MIB).toBeLessThan(150);
  await eventually('files to be closed', async () => (await ownFileCount(server)) <= before.files + 5);
  const after = await fetch(`${server.baseUrl}/metrics`);
  expect([after.status, (await after.text()).includes('adtrobot_rendered_timestamp_seconds')]).toEqual([200, true]);
  expect(await server.end()).toBe(0);
}, 120_000);

test('connections beyond the cap are closed at once, the second listener answers every probe meanwhile, and the first again afterwards', async () => {
  const { server, management } = await startServer({ CONNECTIONS_MAX: '200' });
  const [live, ready] = [watchProbe(`${management}/health/live`, PROBING), watchProbe(`${management}/health/ready`, PROBING)];
  const main = watchProbe(`${server.baseUrl}/health/live`, { intervalMs: 20, timeoutMs: 1_000 });
  const flooding = flood(`${server.baseUrl}/health/live`, 2_000, ['--is-unfinished']);
  await eventually('the first listener to be full', () => main.samples.some(({ status }) => status === 0));
  // Turned away ten seconds later, it would be told of a second time.
  await main.stop();
  const { result, release } = await flooding;
  expect(result.outcomes['closed']).toBeGreaterThanOrEqual(1_800);
  expect((await fetch(`${management}/metrics`)).status).toBe(200);
  await release();
  await eventually('the flood to be gone', () => openFileCount(server) < 200);
  await eventually('the first listener to be free', async () => (await fetch(`${server.baseUrl}/health/live`).catch(() => null))?.status === 200);
  for (const samples of [await live.stop(), await ready.stop()]) expectUntouched(samples);
  expect(server.output().match(/connections were dropped/g)).toHaveLength(1);
  expect(await server.end()).toBe(0);
}, 120_000);
