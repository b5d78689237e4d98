import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createBearerCheck } from '#server/lib/bearer-check.ts';
import { createManagementServer, type ManagementServerOptions } from '#server/management/create-management-server.ts';
import { createRenderer } from '#server/metrics/render.ts';

const TOKEN = 'a-long-metrics-token';
const FINE = { isReady: true, isLive: true, stuckMs: 0 };
const PAGE = '# HELP a_total a\n# TYPE a_total counter\na_total 1\n';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function start(options: Partial<ManagementServerOptions> = {}) {
  const server = createManagementServer({ observe: () => FINE, isMetricsRequestAllowed: () => true, renderMetrics: createRenderer(() => Promise.resolve(PAGE)), ...options });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, ask: (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(5_000) }) };
}

/** Opens a connection, sends bytes, and tells what came back when it is closed. */
function openRaw(port: number, bytes: string) {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => undefined);
  return { socket, closed: new Promise<string>((resolve) => socket.once('close', () => resolve(received))) };
}

describe('the probes of the second listener', () => {
  it.each([
    ['/health/live', { stuckMs: 4_999 }, 200],
    ['/health/live', { stuckMs: 5_000 }, 503],
    ['/health/live', { isLive: false }, 503],
    ['/health/live', { isReady: false }, 200],
    ['/health/ready', { stuckMs: 1_499 }, 200],
    ['/health/ready', { stuckMs: 1_500 }, 503],
    ['/health/ready', { isReady: false }, 503],
  ])('say on %s, of a loop that is %j, %i', async (path, seen, status) => {
    const { ask } = await start({ observe: () => ({ ...FINE, ...seen }) });
    expect((await ask(path)).status).toBe(status);
  });

  it('can be read with a query and a slash at the end, by GET and HEAD, and are kept by no cache', async () => {
    const { ask } = await start();
    for (const path of ['/health/live', '/health/ready?verbose', '/health/live/']) expect((await ask(path)).status).toBe(200);
    const head = await ask('/health/ready', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('cache-control'), await head.text()]).toEqual([200, '6', 'no-store', '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const refused = await ask('/health/live', { method });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each(['/', '/health', '/monitoring', '/metrics/x', '//metrics', '/Metrics', '/%6detrics', '/health/live%00'])('answer nothing else: %s', async (path) => {
    const { ask } = await start();
    expect((await ask(path)).status).toBe(404);
  });
});

describe('the metrics of the second listener', () => {
  it('come as text or OpenMetrics, compressed when asked', async () => {
    const { ask, port } = await start();
    const text = await ask('/metrics', { headers: { 'accept-encoding': 'identity' } });
    expect([text.headers.get('content-type'), text.headers.get('content-encoding'), await text.text()]).toEqual(['text/plain; version=0.0.4; charset=utf-8', null, PAGE]);
    const open = await ask('/metrics', { headers: { accept: 'application/openmetrics-text', 'accept-encoding': 'gzip' } });
    expect([open.headers.get('vary'), open.headers.get('content-encoding')]).toEqual(['Accept, Accept-Encoding', 'gzip']);
    expect(await open.text()).toBe('# HELP a a\n# TYPE a counter\na_total 1\n# EOF\n');
    const raw = await openRaw(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n').closed;
    expect(gunzipSync(Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1')).toString()).toBe(PAGE);
  });

  it('ask for the token, which the probes do not', async () => {
    const { ask } = await start({ isMetricsRequestAllowed: createBearerCheck(TOKEN) });
    for (const authorization of ['', 'Bearer', 'Bearer a-long-metrics-toke', 'Bearer a-long-metrics-tokens', `Basic ${TOKEN}`]) {
      const refused = await ask('/metrics', { headers: { authorization } });
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="metrics"']);
    }
    expect((await ask('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('are told to come again when there are none', async () => {
    const { ask } = await start({ renderMetrics: () => Promise.reject(new Error('secret of the inside')) });
    const answer = await ask('/metrics');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('a bad client of the second listener', () => {
  it('with a malformed request gets 400, with headers over 8 kB 431', async () => {
    const { port } = await start();
    expect(await openRaw(port, 'nonsense\r\n\r\n').closed).toMatch(/^HTTP\/1\.1 400 /);
    expect(await openRaw(port, `GET /metrics HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(9_000)}\r\n\r\n`).closed).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('that sends nothing, or slowly, is cut off in seconds', async () => {
    const { port } = await start();
    const startedMs = performance.now();
    const answers = await Promise.all([openRaw(port, '').closed, openRaw(port, 'GET /health/live HTTP/1.1\r\nHo').closed]);
    expect(performance.now() - startedMs).toBeLessThan(6_000);
    expect(answers[1]).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });

  it('that does not take a large page is cut off', async () => {
    const large = `a ${'9'.repeat(20_000_000)}\n`;
    const { server, port } = await start({ renderMetrics: createRenderer(() => Promise.resolve(large)), readMsMax: 100 });
    const requested = once(server, 'request');
    const { socket } = openRaw(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    await requested;
    await expect.poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))), { timeout: 10_000 }).toBe(0);
    socket.destroy();
  });

  it('holds no place that others need: idle connections make room', async () => {
    const { port, ask } = await start({ connectionsMax: 5 });
    const idle = Array.from({ length: 20 }, () => openRaw(port, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'));
    await Promise.all(idle.map(({ socket }) => new Promise((resolve) => socket.once('data', resolve).once('close', resolve))));
    await expect.poll(() => ask('/health/live').then(({ status }) => status, () => 0), { timeout: 2_000 }).toBe(200);
    idle.forEach(({ socket }) => socket.destroy());
  });
});
