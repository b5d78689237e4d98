import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealthPort } from '#server/contracts/load-context.ts';
import { COOKIE, startTestServer, type TestServer } from './test-server.ts';

const TOKEN = 'a-long-metrics-token';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const PATHS = ['/health', '/health/live', '/health/ready', '/health/database'];
const CHECK = { check: 'database', state: 'unhealthy', code: 'database_down', detail: null, message: 'Postgres does not answer.', latencyMs: 3, ageSeconds: 1 } as const;

/** All that can be said against a process. */
const AWAY: Partial<HealthPort> = {
  isReady: () => false,
  isLive: () => false,
  isDatabaseAnswering: () => false,
  listObstacles: () => ['database_not_answering'],
  report: () => ({ isHealthy: false, checks: [CHECK] }),
};

let server: TestServer;
let away: TestServer;
beforeAll(async () => {
  server = await startTestServer({ metricsToken: TOKEN });
  away = await startTestServer({ metricsToken: TOKEN }, undefined, null, AWAY);
});
afterAll(() => Promise.all([server.close(), away.close()]));

describe('a probe or a report', () => {
  it.each(PATHS)('at %s answers HEAD as GET, without the body', async (path) => {
    const [get, head] = await Promise.all([server.request(path), server.request(path, { method: 'HEAD' })]);
    expect([get.status, head.status, head.body]).toEqual([200, 200, '']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(get.headers['cache-control']).toContain('no-store');
  });

  it.each(PATHS)('at %s can only be read: anything else is 405, from wherever it comes', async (path) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const headers of [{}, SAME_ORIGIN, { ...SAME_ORIGIN, cookie: COOKIE }]) {
        const { status, headers: sent } = await server.request(path, { method, headers, body: '' });
        expect([status, sent.allow]).toEqual([405, 'GET, HEAD']);
      }
    }
  });

  it.each(PATHS)('at %s takes whatever stands in its headers without a fault of ours', async (path) => {
    for (const accept of ['', ';', '*/*;q=x', 'application/health+json;q=2;;', '\u00e4/\u00f6', ','.repeat(5_000), 'a'.repeat(15_000)]) {
      expect((await server.request(path, { headers: { accept } })).status).toBe(200);
    }
    const tooLarge = await server.request(path, { headers: { 'x-large': 'a'.repeat(17_000) } });
    expect(tooLarge.status).toBe(431);
    expect((await server.request(path)).status).toBe(200);
  });

  it('with the right token shows what it knows, with a wrong one nothing, also to somebody with a session', async () => {
    for (const path of ['/health', '/health/database', '/health/ready?verbose']) {
      expect((await away.request(path)).body).not.toContain('atabase');
      expect((await away.request(path, { headers: { authorization: `Bearer ${TOKEN}` } })).body).toMatch(/Postgres does not answer|database_not_answering/);
      for (const authorization of [`Bearer ${TOKEN}x`, `bearer ${TOKEN.slice(1)}`, 'Bearer', 'Bearer  ']) {
        expect((await away.request(path, { headers: { authorization, cookie: COOKIE } })).status).toBe(401);
      }
      // What a proxy of the operator's asks for is none of our tokens.
      expect((await away.request(path, { headers: { authorization: 'Basic abc' } })).status).not.toBe(401);
    }
  });

  it('shows what it knows to a session, and looks nobody up for a plain probe', async () => {
    const unready = await startTestServer({}, undefined, null, { ...AWAY, isDatabaseAnswering: () => true });
    expect((await unready.request('/health', { headers: { cookie: COOKIE } })).body).toContain('Postgres does not answer.');
    expect((await unready.request('/health/ready?verbose', { headers: { cookie: COOKIE } })).body).toBe('[-]database_not_answering\nnot ready\n');
    unready.lookups.length = 0;
    await unready.request('/health/ready', { headers: { cookie: COOKIE } });
    expect(unready.lookups).toEqual([]);
    await unready.close();
  });

  it('knows no right token where none is configured', async () => {
    const open = await startTestServer();
    expect((await open.request('/health', { headers: { authorization: 'Bearer anything-at-all-here' } })).status).toBe(401);
    expect((await open.request('/metrics', { headers: { authorization: 'Bearer anything-at-all-here' } })).status).toBe(200);
    await open.close();
  });
});

describe('while the database does not answer', () => {
  it.each([
    ['GET', '/monitoring', 'text/html'],
    ['GET', '/monitoring.data', '*/*'],
    ['GET', '/login', 'text/html'],
    ['POST', '/login', 'text/html'],
    ['GET', '/setup', 'text/html'],
    ['GET', '/trpc/whoami', 'application/json'],
    ['POST', '/trpc/nested.save', 'application/json'],
    ['GET', '/nothing', '*/*'],
  ])('%s %s is refused at once, in words, with when to come again, and nobody is looked up', async (method, path, accept) => {
    away.lookups.length = 0;
    const headers = { ...SAME_ORIGIN, accept, cookie: COOKIE, 'content-type': 'application/json' };
    const startedMs = performance.now();
    const answer = await away.request(path, method === 'GET' ? { headers } : { method, headers, body: '{}' });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.body).toContain('The database does not answer at the moment. Try again soon.');
    expect(answer.headers['content-type']).toContain(accept === 'text/html' ? 'text/plain' : 'application/json');
    expect(away.lookups).toEqual([]);
  });

  it.each(['/health/live', '/health/ready', '/health', '/health/database'])('%s answers all the same', async (path) => {
    const { status, body } = await away.request(path, { headers: { cookie: COOKIE } });
    expect(status).toBe(503);
    expect(body).toMatch(/^(?:not live|not ready|\{"status":"unhealthy"\})/);
  });

  it('metrics, assets and the choice of a language go on', async () => {
    expect((await away.request('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    for (const path of ['/assets/app-abc.js', '/favicon.svg', '/preferences']) expect((await away.request(path, { headers: { cookie: COOKIE } })).status).toBe(200);
  });

  it('what Telegram brings is refused, to be brought again', async () => {
    expect((await away.request('/telegram/webhook', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(503);
  });

  it('does not log the same outage for every request', async () => {
    const before = away.logged.length;
    await away.request('/monitoring', { headers: { cookie: COOKIE } });
    expect(away.logged.length).toBe(before);
  });
});
