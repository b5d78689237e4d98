import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COOKIE, SECRET, startTestServer, type TestServer } from './test-server.ts';
import { parseSamples } from '../metrics/sample-metrics.ts';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin', cookie: COOKIE };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Sends bytes as they are and reads until the server closes. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('headers', () => {
  it.each(['/login', '/nothing', '/assets/app-abc.js', '/health/live', '//bad', '/broken'])('protect %s', async (path) => {
    const { headers } = await server.request(path, { headers: { cookie: COOKIE } });
    const policy = String(headers['content-security-policy']);
    for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src-attr 'none'"]) expect(policy).toContain(part);
    expect(/script-src [^;]*/.exec(policy)?.[0]).not.toMatch(/unsafe/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('let the scripts of a page run by a nonce that is new in every response', async () => {
    const answers = await Promise.all([server.request('/login'), server.request('/login')]);
    const nonces = answers.map(({ headers }) => /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1]);
    expect(nonces[0]).not.toBe(nonces[1]);
    answers.forEach(({ body }, index) => expect(body).toContain(`nonce="${nonces[index]}"`));
  });

  it('ask for https for a year where the site is reached by https', async () => {
    const secure = await startTestServer({ publicUrl: 'https://bot.example' });
    expect((await secure.request('/login')).headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    await secure.close();
  });
});

describe('assets', () => {
  it('may be kept for a year, compressed', async () => {
    const { status, headers } = await server.request('/assets/app-abc.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-encoding']).toBe('gzip');
  });

  it.each(['/assets/app-abc.js.map', '/assets/', '/assets', '/assets/none.js', '/assets/.vite/manifest.json'])('do not include %s', async (path) => {
    expect((await server.request(path, { headers: { cookie: COOKIE } })).status).toBe(404);
  });
});

describe('limits', () => {
  it('refuse bodies over 100 kB before reading them, and bodies without a length', async () => {
    expect((await server.request('/login', { method: 'POST', headers: { ...SAME_ORIGIN, 'content-length': '100001' } })).status).toBe(413);
    expect((await server.request('/login', { method: 'POST', headers: { ...SAME_ORIGIN, 'transfer-encoding': 'chunked' }, body: 'x' })).status).toBe(411);
  });

  it('refuse headers over 16 kB', async () => {
    expect(await sendRaw(`GET /login HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each(['TRACE', 'OPTIONS', 'PROPFIND'])('refuse the method %s', async (method) => {
    expect((await server.request('/login', { method })).status).toBe(405);
  });

  it('refuse two ways to say how long a body is', async () => {
    const bytes = 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('cut off who drips a header', async () => {
    const startedMs = performance.now();
    expect(await sendRaw('GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('errors', () => {
  it.each([['/broken'], ['/trpc/broken']])('of %s show an id and generic words, and are logged once under that id', async (path) => {
    const before = server.logged.length;
    const { status, body, headers } = await server.request(path, { headers: { cookie: COOKIE } });
    expect(status).toBe(500);
    expect(body).not.toContain(SECRET);
    expect(body).not.toMatch(/\.ts|node_modules/);
    const lines = server.logged.slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(SECRET);
    expect(lines[0]).toContain(String(headers['x-request-id']));
  });
});

describe('tRPC', () => {
  it('gets the session, and takes a batch of ten but not of eleven', async () => {
    const ask = (count: number) => server.request(`/trpc/${Array(count).fill('whoami').join(',')}?batch=1&input=%7B%7D`, { headers: { cookie: COOKIE } });
    const ten = await ask(10);
    expect(ten.status).toBe(200);
    expect(JSON.parse(ten.body)[9]).toEqual({ result: { data: 'owner@example.org' } });
    expect((await ask(11)).status).toBe(400);
  });

  it('runs a mutation by POST and not by GET', async () => {
    const answer = await server.request('/trpc/nested.save', { method: 'POST', headers: { ...SAME_ORIGIN, 'content-type': 'application/json' }, body: '{"name":"x"}' });
    expect(JSON.parse(answer.body)).toEqual({ result: { data: 'x' } });
    expect((await server.request('/trpc/nested.save?input=%7B%22name%22%3A%22x%22%7D', { headers: { cookie: COOKIE } })).status).toBe(405);
  });
});

describe('the address of a client', () => {
  it('is not taken from a header unless a proxy is configured', async () => {
    const forged = { cookie: COOKIE, 'x-forwarded-for': '198.51.100.9' };
    expect((await server.request('/monitoring', { headers: forged })).body).toContain('127.0.0.1');
    const proxied = await startTestServer({ trustProxyCount: 1 });
    expect((await proxied.request('/monitoring', { headers: { ...forged, 'x-forwarded-for': '203.0.113.66, 198.51.100.9' } })).body).toContain('"address":"198.51.100.9"');
    await proxied.close();
  });
});

describe('the metrics token', () => {
  it('opens the metrics to who knows it, and to nobody else', async () => {
    const guarded = await startTestServer({ metricsToken: 'a-long-secret-token' });
    const ask = async (authorization: string) => (await guarded.request('/metrics', { headers: { authorization, cookie: COOKIE } })).status;
    expect(await ask('Bearer a-long-secret-token')).toBe(200);
    for (const wrong of ['', 'Bearer ', 'Bearer a-long-secret-toke', 'Bearer a-long-secret-tokenx', 'Basic a-long-secret-token', 'a-long-secret-token']) expect(await ask(wrong)).toBe(401);
    await guarded.close();
  });
});

describe('HTTP metrics', () => {
  it('count by template and procedure to the end of the response, errors apart, and nothing by raw path', async () => {
    const measured = await startTestServer();
    const as = { headers: { cookie: COOKIE } };
    for (const id of [1, 2, 3]) await measured.request(`/users/${id}`, as);
    await measured.request('/users/9.data', as);
    await measured.request('/trpc/whoami,broken,forbidden,nope?batch=1', as);
    await measured.request('/broken', as);
    for (let n = 0; n < 20; n += 1) await measured.request(`/scan/${n}.php`, as);
    await measured.request('//scan', as);
    await measured.request('/stream', as);
    await measured.request('/monitoring', { headers: { accept: 'text/html' } });
    for (const path of ['/health/live', '/assets/app-abc.js', '/metrics']) await measured.request(path);
    const samples = parseSamples((await measured.request('/metrics')).body);
    const count = (handler: string, status: string) => samples.get(`adtrobot_requests_total{handler="${handler}",method="GET",status="${status}"}`);
    expect(count('/users/:id', '2xx')).toBe('4');
    expect(count('trpc.whoami', '2xx')).toBe('1');
    expect(count('trpc.broken', '5xx')).toBe('1');
    expect(count('trpc.forbidden', '4xx')).toBe('1');
    expect(count('/broken', '5xx')).toBe('1');
    expect(count('unmatched', '4xx')).toBe('21');
    expect(count('/monitoring', '3xx')).toBe('1');
    expect(count('/login', '2xx')).toBe('0');
    expect(samples.get('adtrobot_errors_total{handler="trpc.broken",error_type="internal"}')).toBe('1');
    expect(samples.get('adtrobot_errors_total{handler="/broken",error_type="internal"}')).toBe('1');
    expect(samples.get('adtrobot_errors_total{handler="trpc.forbidden",error_type="internal"}')).toBe('0');
    expect(samples.get('adtrobot_requests_in_progress{handler="/users/:id",method="GET"}')).toBe('0');
    expect(samples.get('adtrobot_request_duration_seconds_count{handler="/stream",method="GET"}')).toBe('0');
    expect(Number(samples.get('adtrobot_response_size_bytes_sum{handler="/stream"}'))).toBeGreaterThan(4_500);
    expect([...samples.keys()].filter((name) => /scan|php|health\/|assets|handler="\/metrics/.test(name))).toEqual([]);
    await measured.close();
  });

  it('count a visitor who leaves before the answer as aborted', async () => {
    const measured = await startTestServer();
    await new Promise<void>((resolve) => {
      const socket = connect(measured.port, '127.0.0.1', () => {
        socket.write(`GET /hang HTTP/1.1\r\nHost: x\r\nCookie: ${COOKIE}\r\n\r\n`, () => setTimeout(() => socket.destroy(), 50));
      });
      socket.on('close', () => resolve());
    });
    await expect
      .poll(async () => parseSamples((await measured.metrics.render(null)).body).get('adtrobot_requests_total{handler="/hang",method="GET",status="aborted"}'), { timeout: 5_000 })
      .toBe('1');
    await measured.close();
  });
});

describe('stopping', () => {
  it('lets running requests end, refuses new ones, and cuts what hangs after its limit', async () => {
    const stopping = await startTestServer({ drainMs: 300 });
    const hanging = stopping.request('/hang', { headers: { cookie: COOKIE } }).then(
      () => 'answered',
      () => 'cut',
    );
    await expect.poll(() => stopping.lookups.length, { timeout: 5_000 }).toBe(1);
    const startedMs = performance.now();
    await Promise.all([stopping.close(), stopping.close()]);
    expect(await hanging).toBe('cut');
    expect(performance.now() - startedMs).toBeGreaterThan(250);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    await expect(stopping.request('/login')).rejects.toThrow('ECONNREFUSED');
  });

  it('rejects in words when the port is taken', async () => {
    await expect(startTestServer({ port: server.port })).rejects.toThrow('is taken by another program');
  });
});
