import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordRequests } from '#server/compose/record-requests.ts';
import { fixedClock, systemClock } from '#server/lib/clock.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createParts } from '#tests/support/parts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { COOKIE, startTestServer, type TestServer } from '../../unit/http/test-server.ts';

let database: TestDatabase;
let servers: TestServer[];
let stops: (() => Promise<void>)[];
beforeEach(async () => {
  database = await createTestDatabase();
  servers = [];
  stops = [];
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await database.drop();
});

/** A web process as the composition root starts it: what it answers is written at its stop at the latest. */
async function startProcess() {
  const server = await startTestServer();
  const parts = { ...createParts({ database }), metrics: server.metrics };
  recordRequests(parts, systemClock);
  parts.lifecycle.add('web server', () => server.close());
  servers.push(server);
  stops.push(() => parts.lifecycle.stop());
  return { server, stop: () => parts.lifecycle.stop() };
}

const report = () =>
  getPerformance(
    { db: database.handle.db, clock: fixedClock(new Date(Date.now() + 60_000)), reportingTimeZone: 'UTC' },
    { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString(), family: 'http' },
  );

/** The samples of a metric over all processes, summed under the values of one label; those of 0 are left out. */
async function readMetric(name: string, label: string, sample = name): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { metrics } of servers) {
    const metric = (await metrics.snapshot()).find((each) => each.name === `adtrobot_${name}`);
    for (const { value, labels, metricName } of metric?.values ?? []) {
      const key = String(labels[label]);
      if (value > 0 && (metricName === undefined || metricName === `adtrobot_${sample}`)) sums[key] = (sums[key] ?? 0) + value;
    }
  }
  return sums;
}

const sorted = (counts: Readonly<Record<string, number>>) => Object.entries(counts).toSorted();

async function askForMuch(server: TestServer): Promise<void> {
  const headers = { accept: 'text/html', cookie: COOKIE };
  const asked = ['/monitoring', '/monitoring', '/login', '/users/7', '/users/8', '/broken', '/nowhere/at/all', '/trpc/whoami', '/trpc/whoami,broken', '/stream', '/metrics', '/health/live'];
  for (const path of asked) await server.request(path, { headers });
  await server.request('/monitoring', { headers: { accept: 'text/html' } });
  await server.request('/login', { method: 'POST', headers: { ...headers, origin: 'http://elsewhere' }, body: 'x' });
  await server.request('/monitoring', { method: 'PROPFIND', headers });
}

test('the report counts the requests that the metrics count, by status and by handler, over all processes', async () => {
  const processes = [await startProcess(), await startProcess()];
  for (const { server } of processes) await askForMuch(server);
  await Promise.all(processes.map(({ stop }) => stop()));
  const [byStatus, byHandler] = [await readMetric('requests_total', 'status'), await readMetric('request_duration_seconds', 'handler', 'request_duration_seconds_count')];
  expect(Object.keys(byHandler)).toEqual(expect.arrayContaining(['/monitoring', '/users/:id', 'trpc.whoami', 'trpc.broken', 'unmatched']));
  for (const isFolded of [false, true]) {
    if (isFolded) await foldRollups(database.handle.db);
    const { requests, requestsByStatus, throughput } = await report();
    expect(sorted(Object.fromEntries(requestsByStatus.filter(({ count }) => count > 0).map(({ status, count }) => [status, count])))).toEqual(sorted(byStatus));
    expect(sorted(Object.fromEntries(requests.map(({ handler, count }) => [handler ?? 'rest', count])))).toEqual(sorted(byHandler));
    expect(throughput.requestCount).toBe(Object.values(byStatus).reduce((sum, n) => sum + n, 0));
  }
});

test('an event stream is a request without a duration', async () => {
  const { server, stop } = await startProcess();
  await server.request('/stream', { headers: { cookie: COOKIE } });
  await stop();
  const { throughput, latencies } = await report();
  expect([throughput.requestCount, latencies.http.count]).toEqual([1, 0]);
});

test('a stop is not held up by a database that is away', async () => {
  const { server, stop } = await startProcess();
  await server.request('/login');
  await database.drop();
  const startedMs = performance.now();
  await stop();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
