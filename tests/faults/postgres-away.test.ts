import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '#tests/support/processes.ts';
import { expectOneOutage, METRICS_TOKEN, startServerOverPostgres, watchFault, type ServerOverPostgres } from '#tests/support/server-over-postgres.ts';

/*
 * The built server while its Postgres is stopped, frozen, or behind a link that swallows everything. Longer outages:
 * POSTGRES_AWAY_MS.
 */
const AWAY_MS = Number(process.env['POSTGRES_AWAY_MS'] ?? 3_300);
const TEST_MS = AWAY_MS + 60_000;

let site: ServerOverPostgres;
beforeAll(async () => {
  site = await startServerOverPostgres();
});
afterAll(() => site.close());

const page = (path: string, init: RequestInit = {}) => fetch(`${site.server.baseUrl}${path}`, { redirect: 'manual', headers: { cookie: site.cookie, accept: 'text/html' }, ...init });

/** Requests that need the database, and how they are answered: never with a hang. */
async function expectWordsInTime(): Promise<void> {
  await eventually('readiness to turn', async () => (await site.readyStatus()) === 503, 4_000);
  const asks = [
    () => page('/monitoring'),
    () => page('/login', { method: 'POST', body: new URLSearchParams({ email: 'a@b.org', password: 'x' }), headers: { 'sec-fetch-site': 'same-origin' } }),
    () => page('/trpc/health.get', { headers: { cookie: site.cookie, accept: 'application/json' } }),
  ];
  for (const ask of asks) {
    const startedMs = performance.now();
    const response = await ask();
    expect(await response.text()).toContain('The database does not answer at the moment.');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const metrics = await fetch(`${site.server.baseUrl}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(metrics.status).toBe(200);
  const verbose = await fetch(`${site.server.baseUrl}/health/ready?verbose`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(await verbose.text()).toBe('[-]database_not_answering\nnot ready\n');
}

/** Afterwards everything works again, by itself, with no more connections than before. */
async function expectNormal(): Promise<void> {
  await eventually('the pages', async () => (await page('/monitoring')).status === 200);
  await eventually('the pool to be as it was', async () => {
    const count = await site.postgres.countConnections('adtrobot');
    return count > 0 && count <= 11;
  });
  expect(site.server.output()).not.toMatch(/uncaught|unhandled|TypeError/iu);
}

describe('Postgres', () => {
  test('stopped on the spot turns readiness in time, costs nobody a hang, and is taken up again by itself', async () => {
    const seen = await watchFault(site, { begin: () => site.postgres.stopImmediately(), end: () => site.postgres.start(), during: expectWordsInTime, lastsMs: AWAY_MS });
    expectOneOutage(seen);
    await expectNormal();
  }, TEST_MS);

  test('frozen as a whole turns readiness in time, costs nobody a hang, and goes on where it stood', async () => {
    const seen = await watchFault(site, { begin: () => site.postgres.freeze('all'), end: () => site.postgres.thaw(), during: expectWordsInTime, lastsMs: AWAY_MS });
    expectOneOutage(seen);
    await expectNormal();
  }, TEST_MS);

  test('with its first process frozen keeps its connections, and whoever has none is told so in time', async () => {
    const answers: number[] = [];
    const { live, ready } = await watchFault(site, {
      begin: () => site.postgres.freeze('postmaster'),
      end: () => site.postgres.thaw(),
      lastsMs: 3_000,
      afterMs: 500,
      during: async () => {
        const startedMs = performance.now();
        // More at once than there are connections: some would need a new one.
        const pages = await Promise.all(Array.from({ length: 25 }, () => page('/monitoring')));
        answers.push(...pages.map(({ status }) => status));
        expect(performance.now() - startedMs).toBeLessThan(8_000);
      },
    });
    expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    for (const samples of [live, ready]) expect(samples.filter(({ durationMs }) => durationMs > 1_000)).toEqual([]);
    await expectNormal();
  }, TEST_MS);
});

describe('a link to Postgres', () => {
  test.each([
    ['swallows everything', () => site.link.swallow('up', 'down')],
    ['accepts and hangs up', () => site.link.hangUp()],
  ])('that %s turns readiness in time, costs nobody a hang, and is given up for a new one', async (_how, begin) => {
    const seen = await watchFault(site, { begin, end: () => site.link.heal(), during: expectWordsInTime, lastsMs: AWAY_MS });
    expectOneOutage(seen);
    await expectNormal();
  }, TEST_MS);

  test('that is cut now and then is no outage', async () => {
    const { flips, live } = await watchFault(site, {
      begin: () => site.link.reset(),
      end: () => site.link.reset(),
      lastsMs: 1_500,
      afterMs: 1_500,
    });
    expect([flips, [...new Set(live.map(({ status }) => status))]]).toEqual([[200], [200]]);
    await expectNormal();
  }, TEST_MS);
});
