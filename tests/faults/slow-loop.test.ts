import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateInProcess } from '#tests/support/inspector.ts';
import { slowestMs, watchProbe } from '#tests/support/probe-watch.ts';
import { eventually, type ServerProcess } from '#tests/support/processes.ts';
import { startWatchedServer, type WatchedServer } from '#tests/support/watched-server.ts';

/*
 * The built server with far more visitors than it can answer, while a debugger takes most of its loop: 200 ms of each 300.
 */
const BURN = 'globalThis.burner = setInterval(() => { const end = performance.now() + 200; while (performance.now() < end); }, 300)';
/** The visitors stay at least so long, and until somebody was refused. */
const STAY_MS = 6_000;
const LOAD_MAX_SECONDS = 60;
/** Several times what is answered at once. */
const VISITORS = 150;
const CROWD = 50;

let watched: WatchedServer;
let server: ServerProcess;
let management: string;
beforeAll(async () => {
  watched = await startWatchedServer();
  ({ server, management } = watched);
});
afterAll(() => watched.end());

async function sendCrowd(url: string): Promise<readonly Response[]> {
  const answers = await Promise.all(Array.from({ length: CROWD }, () => fetch(url)));
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers;
}

test('with too many visitors and a slow loop pages are answered or refused with the time to come again, and live stays true', async ({ onTestFinished }) => {
  const debug = await evaluateInProcess(server.output(), BURN);
  // A process waits for its debugger before it ends.
  onTestFinished(() => debug.close());
  const live = watchProbe(`${management}/health/live`);
  // In the slow loop itself it may be late, never false; in time is what the second listener promises.
  const mainLive = watchProbe(`${server.baseUrl}/health/live`);
  // Who is refused comes again a second later, as told, not at once.
  const load = autocannon({ url: `${server.baseUrl}/login`, connections: VISITORS, connectionRate: 1, ignoreCoordinatedOmission: true, duration: LOAD_MAX_SECONDS, timeout: 30 }, () => undefined);
  onTestFinished(async () => {
    load.stop();
    await Promise.all([live.stop(), mainLive.stop()]);
  });
  const atLeast = sleep(STAY_MS);
  const ended = new Promise<autocannon.Result>((resolve) => void load.on('done', resolve));
  const statuses = new Set<number>();
  load.on('response', (_client, status) => void statuses.add(status));
  await eventually('visitors who are answered and visitors who are refused', () => statuses.has(200) && statuses.has(503));
  const refusal = await eventually('a refusal', async () => (await sendCrowd(`${server.baseUrl}/login`)).find(({ status }) => status === 503));
  await atLeast;
  load.stop();
  const result = await ended;
  expect(refusal.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(Object.keys(result.statusCodeStats ?? {}).sort()).toEqual(['200', '503']);
  expect(result['2xx']).toBeGreaterThan(0);
  expect(result.errors).toBe(0);
  expect(new Set((await mainLive.stop()).map(({ status }) => status))).toEqual(new Set([200]));
  const samples = await live.stop();
  expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([200]));
  expect(slowestMs(samples)).toBeLessThan(1_000);
  await eventually('an answer again', async () => (await fetch(`${server.baseUrl}/login`)).status === 200);
}, 120_000);
