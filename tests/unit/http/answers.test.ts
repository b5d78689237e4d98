import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { COOKIE, SECRET, startTestServer, type Answer, type TestServer } from './test-server.ts';

const OURS = { cookie: COOKIE, 'sec-fetch-site': 'same-origin' };
const JSON_BODY = { 'content-type': 'application/json' };

let server: TestServer;
let down: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  down = await startTestServer({}, () => Promise.reject(new AppError('internal', SECRET, new Error(SECRET))));
});
afterAll(() => Promise.all([server.close(), down.close()]));

/** One answer of each status that the server itself gives. */
const ANSWERS: readonly [number, () => Promise<Answer>][] = [
  [200, () => server.request('/login')],
  [202, () => server.request('/monitoring.data')],
  [206, () => server.request('/assets/app-abc.js', { headers: { range: 'bytes=0-9' } })],
  [302, () => server.request('/monitoring', { headers: { accept: 'text/html' } })],
  [304, () => server.request('/assets/app-abc.js', { headers: { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() } })],
  [400, () => server.request('/a//b')],
  [401, () => server.request('/monitoring')],
  [403, () => server.request('/login', { method: 'POST' })],
  [404, () => server.request('/assets/none.js')],
  [404, () => server.request('/none', { headers: OURS })],
  [405, () => server.request('/login', { method: 'TRACE' })],
  [411, () => server.request('/login', { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: 'x' })],
  [413, () => server.request('/login', { method: 'POST', headers: { 'content-length': '100001' } })],
  [415, () => server.request('/trpc/nested.save', { method: 'POST', headers: OURS, body: '' })],
  [416, () => server.request('/assets/app-abc.js', { headers: { range: 'bytes=999999-' } })],
  [500, () => server.request('/broken', { headers: OURS })],
  [503, () => down.request('/monitoring', { headers: OURS })],
];

describe('every answer', () => {
  it.each(ANSWERS)('with status %i carries the headers that protect its reader, and none that says what runs here', async (status, ask) => {
    const { status: given, headers, body } = await ask();
    expect(given).toBe(status);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(String(headers['content-security-policy'])).toContain("default-src 'self'");
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) expect(headers).not.toHaveProperty(name);
    expect(body).not.toContain(SECRET);
    expect(body).not.toMatch(/node_modules|\.ts:\d|at .*\(/);
  });

  it('has an id of its own, also when the request brings one', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await server.request('/login', { headers: { 'x-request-id': 'mine' } })).headers['x-request-id']));
    expect(new Set([...ids, 'mine']).size).toBe(3);
  });
});

describe('an error', () => {
  it('is plain text for a browser, with the words and the id that it is logged under', async () => {
    const { headers, body } = await down.request('/monitoring', { headers: { ...OURS, accept: 'text/html' } });
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toBe(`The site cannot check who you are at the moment. Try again soon.\n\nReference: ${String(headers['x-request-id'])}\n`);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is JSON for a program, with the same words and id', async () => {
    const { headers, body } = await down.request('/monitoring', { headers: { ...OURS, accept: 'application/json' } });
    expect(JSON.parse(body)).toEqual({ error: { message: 'The site cannot check who you are at the moment. Try again soon.', requestId: headers['x-request-id'] } });
  });

  it('of the visitor is not logged as ours', async () => {
    const before = server.logged.length;
    for (const path of ['/a//b', '/%zz']) await server.request(path);
    await server.request('/login', { method: 'POST' });
    expect(server.logged.length).toBe(before);
  });
});

describe('input that means to change our objects', () => {
  it('leaves them as they are, in the address, in JSON, in forms, in cookies and in headers', async () => {
    const evil = '__proto__[polluted]=1&__proto__.polluted=1&constructor[prototype][polluted]=1';
    const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"name":"x"}';
    for (const path of ['/login', '/monitoring', '/health', '/users/__proto__', '/trpc/whoami', '/__manifest']) {
      await server.request(`${path}?${evil}&input=${encodeURIComponent(json)}&batch=1`, { headers: { ...OURS, cookie: `${COOKIE}; __proto__=polluted` } });
    }
    const sent = [['/trpc/nested.save', json, 'application/json'], ['/login', evil, 'application/x-www-form-urlencoded'], ['/preferences', json, 'application/json']] as const;
    for (const [path, body, type] of sent) {
      await server.request(path, { method: 'POST', headers: { ...OURS, 'content-type': type, 'x-__proto__': 'polluted' }, body });
    }
    expect({}).not.toHaveProperty('polluted');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it.each(['__proto__', 'constructor', 'toString', 'nested', 'nested.__proto__', 'hasOwnProperty,valueOf'])('names no procedure: %s', async (name) => {
    const { status } = await server.request(`/trpc/${name}`, { method: 'POST', headers: { ...OURS, ...JSON_BODY }, body: '{}' });
    expect(status).toBe(404);
  });
});

describe('files', () => {
  it.each(['/assets/app-abc.js.map', '/assets/app-abc.js.ma%70', '/assets/app-abc.js.%6d%61%70', '/assets/app-abc.js.map/', '/assets/%2evite/manifest.json'])(
    'give away neither source maps nor hidden files as %s',
    async (path) => expect([400, 404]).toContain((await server.request(path, { headers: OURS })).status),
  );

  it('are served for a look only', async () => {
    for (const method of ['POST', 'DELETE']) expect((await server.request('/assets/app-abc.js', { method, headers: OURS })).status).toBe(404);
    const { status, body, headers } = await server.request('/assets/app-abc.js', { method: 'HEAD' });
    expect([status, body, headers['content-length']]).toEqual([200, '', '5000']);
  });
});

describe('a connection', () => {
  it('is kept for the next request', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const req = httpRequest({ host: '127.0.0.1', port: server.port, path: '/login', headers: { connection: 'keep-alive' } }, (res) => {
        resolve(String(res.headers['keep-alive']));
        res.resume().on('end', () => req.destroy());
      });
      req.on('error', reject).end();
    });
    expect(answer).toBe('timeout=65');
  });
});
