import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from 'turbo-stream';
import { loginUrl } from '#server/http/login-redirect.ts';
import { COOKIE, SECRET, startTestServer, type TestServer } from './test-server.ts';

const HTML = { accept: 'text/html,*/*;q=0.8' };
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('default deny', () => {
  it.each(['/monitoring', '/users/1', '/nothing', '/', '/Login', '/login/x', '/loginx', '/%6cogin', '/healthx', '/metrics.data', '/trpc', '/.vite/manifest.json', '/.env'])(
    'sends a page request without a session from %s to the log-in',
    async (path) => {
      const { status, headers, body } = await server.request(path, { headers: HTML });
      expect(path.endsWith('.data') ? 202 : 302).toBe(status);
      if (status === 302) expect(headers.location).toMatch(/^\/login(\?next=|$)/);
      expect(body).not.toContain('owner@example.org');
    },
  );

  it.each([
    ['GET', '/monitoring'],
    ['POST', '/monitoring'],
    ['DELETE', '/users/1'],
    ['GET', '/trpc/whoami'],
    ['GET', '/trpc/whoami,whoami?batch=1'],
    ['POST', '/trpc/nested.save'],
    ['PUT', '/nothing'],
  ])('answers %s %s without a session with 401 as JSON, in the shape that tRPC reads', async (method, path) => {
    const { status, headers, body } = await server.request(path, { method, headers: { ...SAME_ORIGIN, 'content-type': 'application/json' } });
    expect(status).toBe(401);
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toMatchObject({ error: { message: 'Please log in.', code: -32_001, data: { code: 'UNAUTHORIZED', httpStatus: 401 } } });
  });

  it.each(['/login', '/setup', '/login/', '/login.data', '/preferences', '/metrics', '/health', '/health/live'])('lets anybody see %s', async (path) => {
    expect((await server.request(path, { headers: { accept: '*/*' } })).status).toBe(200);
  });

  it.each([
    ['GET', '/monitoring.data?range=7d&_routes=routes%2Fmonitoring', '/login?next=%2Fmonitoring%3Frange%3D7d'],
    ['GET', '/_root.data', '/login'],
    ['POST', '/monitoring.data', '/login?next=%2Fmonitoring'],
  ])('redirects a data request (%s %s) in the form that the browser side of Remix follows', async (method, path, location) => {
    const { status, headers, body } = await server.request(path, { method, headers: SAME_ORIGIN });
    expect(status).toBe(202);
    expect(headers['content-type']).toContain('text/x-script');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const decoded = await decode(stream, { plugins: [(type, value) => (type === 'SingleFetchRedirect' ? { value: { marked: value } } : undefined)] });
    const redirect = { redirect: location, status: 302, revalidate: false, reload: false, replace: false };
    expect(decoded.value).toEqual(method === 'GET' ? { marked: redirect } : redirect);
  });

  it('lets a logged-in visitor through, and keeps the answer out of caches', async () => {
    const { status, headers, body } = await server.request('/monitoring', { headers: { ...HTML, cookie: COOKIE } });
    expect(status).toBe(200);
    expect(body).toContain('owner@example.org');
    expect(headers['cache-control']).toContain('no-store');
  });

  it('treats an unknown token as no session', async () => {
    expect((await server.request('/monitoring', { headers: { ...HTML, cookie: 'adtrobot=forged' } })).status).toBe(302);
  });

  it('looks nobody up for probes, scrapes and assets', async () => {
    server.lookups.length = 0;
    for (const path of ['/metrics', '/health/live', '/assets/app-abc.js', '/favicon.svg', '/assets/none.js']) await server.request(path, { headers: { cookie: COOKIE } });
    expect(server.lookups).toEqual([]);
  });

  it('shows a health report to anybody, and tells the report who is logged in', async () => {
    expect((await server.request('/health')).body).toBe('{"status":"healthy"}');
    expect((await server.request('/health', { headers: { cookie: COOKIE } })).body).toBe('{"status":"healthy","version":"1","checks":[]}');
  });
});

describe('one spelling of a path', () => {
  it.each(['//monitoring', '/monitoring//x', '/login/../monitoring', '/login/%2e%2e/monitoring', '/login%2f..%2fmonitoring', '/login\\..\\monitoring', '/./login', '/login%00', '/%', '/%zz', '/login/..', '//evil.example'])(
    'refuses %s, with and without a session',
    async (path) => {
      for (const cookie of ['', COOKIE]) expect((await server.request(path, { headers: { cookie } })).status).toBe(400);
    },
  );

  it('drops one slash at the end for everybody alike', async () => {
    expect((await server.request('/monitoring/', { headers: HTML })).headers.location).toBe('/login?next=%2Fmonitoring');
    expect((await server.request('/monitoring/', { headers: { ...HTML, cookie: COOKIE } })).status).toBe(200);
  });
});

describe('loginUrl', () => {
  it.each([
    ['/monitoring?range=30d', '/login?next=%2Fmonitoring%3Frange%3D30d'],
    ['/', '/login'],
    ['/users/1.data?_routes=x', '/login?next=%2Fusers%2F1'],
  ])('leads back to %s', (from, to) => {
    expect(loginUrl(from)).toBe(to);
  });
});

describe('requests from elsewhere', () => {
  const post = (headers: Record<string, string>, path = '/monitoring') => server.request(path, { method: 'POST', headers: { cookie: COOKIE, ...headers }, body: '' });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nobody knows where', {}],
    ['a forged forwarded host', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    ['a method override', { 'x-http-method-override': 'GET', 'sec-fetch-site': 'cross-site' }],
  ])('are refused with 403 when they come from %s and could change something', async (_where, headers) => {
    for (const path of ['/monitoring', '/login', '/trpc/nested.save', '/monitoring.data']) {
      expect((await post({ ...headers, 'content-type': 'application/json' }, path)).status).toBe(403);
    }
  });

  it('are accepted from our own pages', async () => {
    expect((await post(SAME_ORIGIN)).status).toBe(200);
    expect((await post({ origin: `http://127.0.0.1:${server.port}`, host: `127.0.0.1:${server.port}` })).status).toBe(200);
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/jsonx', ''])('reach tRPC as JSON only, not as "%s"', async (type) => {
    const { status } = await server.request('/trpc/nested.save', { method: 'POST', headers: { ...SAME_ORIGIN, cookie: COOKIE, 'content-type': type }, body: '{"name":"x"}' });
    expect(status).toBe(415);
  });
});

describe('when sessions cannot be looked up', () => {
  it('answers 503, never a page, and health reports as to anybody', async () => {
    const down = await startTestServer({}, () => Promise.reject(new Error(SECRET)));
    const answer = await down.request('/monitoring', { headers: { ...HTML, cookie: COOKIE } });
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain(SECRET);
    expect((await down.request('/health', { headers: { cookie: COOKIE } })).body).toBe('{"status":"healthy"}');
    expect((await down.request('/login')).status).toBe(200);
    await down.close();
  });

  it('answers a health report though the look-up hangs', async () => {
    const hanging = await startTestServer({}, () => new Promise(() => undefined));
    expect((await hanging.request('/health', { headers: { cookie: COOKIE } })).body).toBe('{"status":"healthy"}');
    await hanging.close();
  });
});
