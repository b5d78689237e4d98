import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COOKIE, startTestServer, type TestServer } from './test-server.ts';

const UNSAFE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const JSON_BODY = { 'content-type': 'application/json' };

let server: TestServer;
let proxied: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  proxied = await startTestServer({ trustProxyCount: 1 });
});
afterAll(() => Promise.all([server.close(), proxied.close()]));

const send = (target: TestServer, headers: Record<string, string>, method = 'POST', path = '/monitoring') =>
  target.request(path, { method, headers: { cookie: COOKIE, ...JSON_BODY, ...headers }, body: '' });

describe('where a change comes from', () => {
  it.each(UNSAFE_METHODS)('is asked for %s, and only our own pages and the address bar pass', async (method) => {
    for (const [site, isAllowed] of [['same-origin', true], ['none', true], ['same-site', false], ['cross-site', false], ['', false], ['Same-Origin', false]] as const) {
      const { status, body } = await send(server, { 'sec-fetch-site': site }, method);
      expect(status === 403, `${method} from "${site}"`).toBe(!isAllowed);
      if (!isAllowed) expect(JSON.parse(body)).toMatchObject({ error: { message: 'This request does not come from our own pages.' } });
    }
  });

  it('is what the browser says in Sec-Fetch-Site, whatever the origin claims beside it', async () => {
    const host = `127.0.0.1:${server.port}`;
    expect((await send(server, { 'sec-fetch-site': 'cross-site', origin: `http://${host}`, host })).status).toBe(403);
  });

  it.each([
    ['another port', (port: number) => `http://127.0.0.1:${port + 1}`],
    ['a host that only begins like ours', (port: number) => `http://127.0.0.1:${port}.evil.example`],
    ['a user name that looks like our host', (port: number) => `http://127.0.0.1:${port}@evil.example`],
    ['no address at all', () => '127.0.0.1'],
    ['a file', () => 'file://'],
  ])('is refused for an origin with %s', async (_what, originOf) => {
    expect((await send(server, { origin: originOf(server.port), host: `127.0.0.1:${server.port}` })).status).toBe(403);
  });

  it('is held against the host that the first proxy was asked for, only where a proxy is trusted', async () => {
    const headers = { origin: 'https://bot.example', 'x-forwarded-host': 'bot.example, inner.example' };
    expect((await send(proxied, headers)).status).toBe(200);
    expect((await send(proxied, { ...headers, origin: 'https://inner.example' })).status).toBe(403);
    expect((await send(server, headers)).status).toBe(403);
  });

  it('is not asked of a look, which changes nothing', async () => {
    for (const method of ['GET', 'HEAD']) expect((await send(server, { 'sec-fetch-site': 'cross-site' }, method)).status).toBe(200);
  });

  it('never passes with an origin that is not ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl(), async (url) => {
        const { origin } = new URL(url);
        expect((await send(server, { origin }, 'POST', '/login')).status).toBe(403);
      }),
      { numRuns: 50 },
    );
  });
});

describe('bodies', () => {
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  const post = (size: number) => server.request('/login', { method: 'POST', headers, body: 'x'.repeat(size) });

  it('may have 100,000 bytes and not one more', async () => {
    expect((await post(100_000)).status).toBe(200);
    const { status, headers: sent } = await post(100_001);
    expect([status, sent.connection]).toEqual([413, 'close']);
  });

  it('are limited on the addresses that need no session too, and before anybody is looked up', async () => {
    server.lookups.length = 0;
    for (const path of ['/metrics', '/health', '/trpc/whoami', '/no/such/page']) {
      expect((await server.request(path, { method: 'POST', headers: { ...headers, cookie: COOKIE, 'content-length': '100001' } })).status).toBe(413);
    }
    expect(server.lookups).toEqual([]);
  });
});

describe('a call of the API', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])('may be sent as %s', async (type) => {
    const headers = { cookie: COOKIE, 'sec-fetch-site': 'same-origin', 'content-type': type };
    const { status } = await server.request('/trpc/nested.save', { method: 'POST', headers, body: '{"name":"x"}' });
    expect(status).toBe(200);
  });

  it('is asked for JSON on every spelling that reaches the API', async () => {
    for (const path of ['/trpc', '/trpc/', '/trpc/nested.save/', '/trpc/nested.save?batch=1', '/trpc/nested.save,nested.save?batch=1']) {
      expect((await send(server, { 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }, 'POST', path)).status, path).toBe(415);
    }
  });
});
