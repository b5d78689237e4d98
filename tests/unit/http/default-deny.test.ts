import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isPublicPath } from '#server/http/gate.ts';
import { COOKIE, startTestServer, type TestServer } from './test-server.ts';

/** The route files that answer anybody. All others need a session, those that are not written yet included. */
const OPEN_ROUTES = ['health.$check', 'health._index', 'health.live', 'health.ready', 'login', 'metrics', 'preferences', 'setup', 'telegram.webhook'];

const EXAMPLES: Record<string, string> = { $: 'no/such/page', $check: 'database', $requestId: '0195b1c0-0000-7000-8000-000000000001' };

/** An address that the route of a file answers. */
function pathOf(file: string): string {
  const parts = file.split('.').filter((part) => !part.startsWith('_'));
  return `/${parts.map((part) => EXAMPLES[part] ?? part.replace('$', '1')).join('/')}`;
}

const routeFiles = readdirSync('app/routes').map((name) => name.replace(/\.tsx?$/, ''));
const closed = [...new Set(routeFiles.filter((file) => !OPEN_ROUTES.includes(file)).map(pathOf))];
const open = OPEN_ROUTES.map(pathOf);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('the open routes are routes of the site, and there are others', () => {
  expect(OPEN_ROUTES.filter((file) => !routeFiles.includes(file))).toEqual([]);
  expect(closed).toEqual(expect.arrayContaining(['/', '/logout', '/monitoring', '/trpc/no/such/page', '/no/such/page']));
});

describe('without a session', () => {
  it.each(closed)('%s gives no data, whatever the method, the form of the address and what is asked for', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const spelling of [path, `${path}.data`, `${path}?_routes=root`, `${path}/`.replace('//', '/')]) {
        for (const accept of ['text/html', 'application/json']) {
          const headers = { accept, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
          const { status, headers: sent, body } = await server.request(spelling, { method, headers });
          expect([302, 401, 202], `${method} ${spelling}`).toContain(status);
          if (status === 202 && method !== 'HEAD') expect(body).toContain('/login');
          expect(sent['cache-control']).toBe('no-store');
        }
      }
    }
  });

  it.each(open)('%s is open as it stands, and under no other spelling', (path) => {
    expect(isPublicPath(path)).toBe(true);
    const [, first = ''] = path;
    const encoded = path.replace(first, `%${first.charCodeAt(0).toString(16)}`);
    for (const other of [path.toUpperCase(), `${path}.`, `${path}%20`, `${path};jsessionid=1`, `${path}/x`, encoded]) expect(isPublicPath(other), other).toBe(false);
  });

  it.each(['/health/:check', '/health/__proto__', '/health/constructor', '/health/unknown', '/health/database/x', '/health/live.data', '/metrics/x', '/setup/'])(
    '%s is not one of the open addresses',
    (path) => expect(isPublicPath(path)).toBe(false),
  );
});

describe('a cookie', () => {
  it.each(['adtrobot=', 'adtrobot=;', 'adtrobot=undefined', 'adtrobot=null', 'ADTROBOT=good-token', 'xadtrobot=x', 'adtrobot="good-token"', `theme=${COOKIE.slice(9)}`])(
    'of %s opens nothing',
    async (cookie) => expect((await server.request('/monitoring', { headers: { accept: 'text/html', cookie } })).status).toBe(302),
  );

  it('in another header, in the address or in the body opens nothing', async () => {
    const token = COOKIE.split('=')[1] ?? '';
    const elsewhere = { 'x-original-url': '/login', 'x-rewrite-url': '/login', 'x-forwarded-uri': '/login' };
    const headers = { accept: 'text/html', authorization: `Bearer ${token}`, 'x-session': token, ...elsewhere };
    expect((await server.request(`/monitoring?adtrobot=${token}&token=${token}`, { headers })).status).toBe(302);
  });
});
