import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateInProcess } from '#tests/support/inspector.ts';
import { slowestMs, statusChanges, watchProbe, type ProbeSample } from '#tests/support/probe-watch.ts';
import { eventually, type ServerProcess } from '#tests/support/processes.ts';
import { startWatchedServer, type WatchedServer } from '#tests/support/watched-server.ts';

/*
 * The built server while its main loop does not turn: a debugger makes it count for nine seconds.
 */
const BLOCK_MS = 9_000;
/** When live turns. */
const PATIENCE_MS = 5_000;

let watched: WatchedServer;
let server: ServerProcess;
let management: string;
beforeAll(async () => {
  watched = await startWatchedServer();
  ({ server, management } = watched);
});
afterAll(() => watched.end());

/** When the first sample of this status was taken that comes after another. */
function turnedAtMs(samples: readonly ProbeSample[], status: number): number {
  const index = samples.findIndex((sample, at) => at > 0 && sample.status === status && samples[at - 1]?.status !== status);
  return samples[index]?.atMs ?? Number.NaN;
}

const renderedAt = async (baseUrl: string) => {
  const page = await (await fetch(`${baseUrl}/metrics`)).text();
  return Number(/^adtrobot_rendered_timestamp_seconds (\S+)$/m.exec(page)?.[1]);
};

test('a loop blocked for nine seconds is not ready within two and not live after five, is scraped all the time, and is back within one', async () => {
  const startedMs = performance.now();
  const [live, ready] = [watchProbe(`${management}/health/live`), watchProbe(`${management}/health/ready`)];
  const scrapes = watchProbe(`${management}/metrics`, { intervalMs: 300 });
  const mainScrape = watchProbe(`${server.baseUrl}/metrics`, { intervalMs: 300, timeoutMs: 500 });
  await eventually('the watches', () => live.samples.length > 5 && ready.samples.length > 5);
  const before = await renderedAt(management);
  // Not yet blocked, and told to block: between them the debugger is connected.
  const beforeMs = live.samples.at(-1)?.atMs ?? 0;
  const debug = await evaluateInProcess(server.output(), `{ const end = performance.now() + ${BLOCK_MS}; while (performance.now() < end); }`);
  const sentMs = performance.now() - startedMs;
  await eventually('live to turn', () => live.samples.at(-1)?.status === 503);
  const staleAt = await renderedAt(management);
  await eventually('live to return', () => live.samples.at(-1)?.status === 200);
  await eventually('readiness to return', () => ready.samples.at(-1)?.status === 200);
  await eventually('a new rendering', async () => (await renderedAt(management)) > staleAt);
  debug.close();
  const [liveSamples, readySamples, scrapeSamples] = await Promise.all([live.stop(), ready.stop(), scrapes.stop()]);
  await mainScrape.stop();

  expect(statusChanges(liveSamples)).toEqual([200, 503, 200]);
  expect(statusChanges(readySamples)).toEqual([200, 503, 200]);
  // Somewhat more than its patience, for a beat may just have come; never less.
  expect(turnedAtMs(liveSamples, 503) - beforeMs).toBeGreaterThan(PATIENCE_MS - 300);
  expect(turnedAtMs(liveSamples, 503) - sentMs).toBeLessThan(PATIENCE_MS + 1_000);
  expect(turnedAtMs(readySamples, 503) - sentMs).toBeLessThan(2_500);
  for (const samples of [liveSamples, readySamples]) {
    expect(turnedAtMs(samples, 200) - beforeMs).toBeGreaterThan(BLOCK_MS - 300);
    expect(turnedAtMs(samples, 200) - sentMs).toBeLessThan(BLOCK_MS + 1_000);
    expect(slowestMs(samples)).toBeLessThan(1_000);
  }
  expect(new Set(scrapeSamples.map(({ status }) => status))).toEqual(new Set([200]));
  expect(slowestMs(scrapeSamples)).toBeLessThan(1_500);
  expect(staleAt).toBeGreaterThanOrEqual(before);
  // The main listener had no answer: that is what the second is for.
  expect(mainScrape.samples.some(({ status }) => status === 0)).toBe(true);
}, 60_000);

test('a process that was frozen as a whole is live and ready as soon as it goes on', async () => {
  process.kill(server.pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  process.kill(server.pid, 'SIGCONT');
  const live = watchProbe(`${management}/health/live`, { intervalMs: 20 });
  await eventually('readiness', async () => (await fetch(`${management}/health/ready`)).status === 200);
  expect(statusChanges(await live.stop())).toEqual([200]);
}, 60_000);
