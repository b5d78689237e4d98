import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectPostgres } from '#db/connect.ts';
import { eventually } from '#tests/support/processes.ts';
import { slowestMs, statusChanges, watchProbe } from '#tests/support/probe-watch.ts';
import { expectOneOutage, METRICS_TOKEN, startServerOverPostgres, watchFault, type ServerOverPostgres } from '#tests/support/server-over-postgres.ts';

/*
 * The built server over a Postgres that is slow, or whose connections are all taken. Longer: POSTGRES_SLOW_MS.
 */
const SLOW_MS = Number(process.env['POSTGRES_SLOW_MS'] ?? 3_000);
const TEST_MS = 2 * SLOW_MS + 60_000;
const PAGES_AT_ONCE = 40;

let site: ServerOverPostgres;
beforeAll(async () => {
  site = await startServerOverPostgres();
});
afterAll(() => site.close());

const page = (path: string) => fetch(`${site.server.baseUrl}${path}`, { redirect: 'manual', headers: { cookie: site.cookie, accept: 'text/html' } });

async function poolCounts(): Promise<Record<string, number>> {
  const text = await (await fetch(`${site.server.baseUrl}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).text();
  return Object.fromEntries([...text.matchAll(/^adtrobot_db_pool_connections\{state="(\w+)"\} (\d+)$/gm)].map(([, state, count]) => [state, Number(count)]));
}

describe('a link to Postgres', () => {
  test.each([50, 500])('that is %i ms slow works, and readiness holds', async (latencyMs) => {
    const statuses: number[] = [];
    const { live, flips } = await watchFault(site, {
      begin: () => site.link.delay({ up: 0, down: latencyMs }),
      end: () => site.link.heal(),
      during: async () => {
        statuses.push((await page('/monitoring')).status);
      },
      lastsMs: SLOW_MS,
      afterMs: 1_000,
    });
    expect([flips, statusChanges(live), statuses]).toEqual([[200], [200], [200]]);
    expect(slowestMs(live)).toBeLessThan(1_000);
  }, TEST_MS);

  test('that is three seconds slow is an outage, one and not many', async () => {
    const seen = await watchFault(site, { begin: () => site.link.delay({ up: 0, down: 3_000 }), end: () => site.link.heal(), lastsMs: SLOW_MS + 2_000 });
    expectOneOutage(seen);
  }, TEST_MS);
});

test('when slow statements hold every connection, probes and metrics answer, and who waits is refused in time', async () => {
  const blocker = connectPostgres(site.postgres.url, { max: 1 });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const blocking = blocker.begin(async (tx) => {
    await tx`lock table ai_usage in access exclusive mode`;
    held.resolve();
    await released;
  });
  await held.promise;
  const watches = ['live', 'ready'].map((probe) => watchProbe(`${site.server.baseUrl}/health/${probe}`, { intervalMs: 100 }));
  const asked = Array.from({ length: PAGES_AT_ONCE }, async () => {
    const startedMs = performance.now();
    const { status } = await page('/monitoring');
    return { status, durationMs: performance.now() - startedMs };
  });
  await eventually('every connection to be taken', async () => (await poolCounts())['active'] === 10);
  await sleep(3_000);
  const during = await poolCounts();
  release();
  await blocking;
  await blocker.end();
  const answers = await Promise.all(asked);
  const [live = [], ready = []] = await Promise.all(watches.map((watch) => watch.stop()));
  expect([statusChanges(live), statusChanges(ready)]).toEqual([[200], [200]]);
  expect(Math.max(slowestMs(live), slowestMs(ready))).toBeLessThan(1_000);
  expect(during).toMatchObject({ active: 10, idle: 0 });
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
  expect(refused.length).toBeGreaterThan(0);
  expect(Math.min(...refused.map(({ durationMs }) => durationMs))).toBeLessThan(4_000);
  await eventually('the pool to be idle', async () => (await poolCounts())['waiting'] === 0 && (await page('/monitoring')).status === 200);
  expect(await site.postgres.countConnections('adtrobot')).toBeLessThanOrEqual(11);
}, TEST_MS);
