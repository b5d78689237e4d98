import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitConnections } from '#server/http/limit-connections.ts';
import { createLogger } from '#server/lib/logger.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Reads a body as bytes. */
function readBytes(path: string, headers: Record<string, string>): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const req = httpRequest({ host: '127.0.0.1', port: server.port, path, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ encoding: res.headers['content-encoding'], bytes: Buffer.concat(chunks) }));
    });
    req.on('error', reject).end();
  });
}

/** A server whose metrics are rendered when the test says so. */
async function startSlow(scrapeLimits: { inProgressMax?: number; durationMsMax?: number }) {
  const slow = await startTestServer({ scrapeLimits });
  const { promise, resolve } = Promise.withResolvers<string>();
  slow.metrics.renderFrom(() => promise, { isKept: true });
  return { slow, render: resolve };
}

describe('a scrape', () => {
  it('is answered with its length, for both headers that decide about it, and kept by no cache', async () => {
    const { headers, body, status } = await server.request('/metrics');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      vary: 'Accept, Accept-Encoding',
      'cache-control': 'no-store',
    });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('by HEAD gets the same headers and no body', async () => {
    const [head, get] = [await server.request('/metrics', { method: 'HEAD' }), await server.request('/metrics')];
    for (const name of ['content-type', 'vary', 'cache-control']) expect(head.headers[name]).toBe(get.headers[name]);
    expect([head.status, head.body]).toEqual([200, '']);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1_000);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('by %s is refused with 405', async (method) => {
    const { status, headers } = await server.request('/metrics', { method, headers: { 'sec-fetch-site': 'same-origin' } });
    expect(status).toBe(405);
    expect(headers.allow).toContain('GET, HEAD');
  });

  it('is compressed with gzip when asked, once', async () => {
    const { encoding, bytes } = await readBytes('/metrics', { 'accept-encoding': 'gzip, deflate, br' });
    expect(encoding).toBe('gzip');
    expect(gunzipSync(bytes).toString()).toContain('# TYPE adtrobot_requests_total counter');
  });

  it('is not compressed in any other way, while pages are', async () => {
    for (const coding of ['br', 'deflate']) expect((await readBytes('/metrics', { 'accept-encoding': coding })).encoding).toBeUndefined();
    const asset = await readBytes('/assets/app-abc.js', { 'accept-encoding': 'br' });
    expect(brotliDecompressSync(asset.bytes).toString()).toContain('export {}');
  });

  it.each(['%%%', ';;;,,,=', 'text/plain;q=high', `text/plain,${'x'.repeat(12_000)}`, 'application/openmetrics-text;version=9'])('with the malformed Accept %j gets text', async (accept) => {
    const { status, headers } = await server.request('/metrics', { headers: { accept, 'accept-encoding': 'gzip;q=many' } });
    expect([status, headers['content-type'], headers['content-encoding']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', undefined]);
  });
});

describe('many scrapes', () => {
  it('beyond the cap are told at once to come again, until one of the others has ended', async () => {
    const { slow, render } = await startSlow({ inProgressMax: 2 });
    const waiting = [slow.request('/metrics'), slow.request('/metrics')];
    await expect.poll(async () => (await slow.request('/metrics')).status, { timeout: 5_000 }).toBe(503);
    const refused = await slow.request('/metrics');
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' });
    expect((await slow.request('/health/live')).status).toBe(200);
    render('a 1\n');
    expect((await Promise.all(waiting)).map(({ status, body }) => [status, body])).toEqual([[200, 'a 1\n'], [200, 'a 1\n']]);
    await expect.poll(async () => (await slow.request('/metrics')).status, { timeout: 5_000 }).toBe(200);
    await slow.close();
  });

  it('that are given up by their clients free their places', async () => {
    const { slow, render } = await startSlow({ inProgressMax: 1 });
    const socket = connect(slow.port, '127.0.0.1', () => socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'));
    await expect.poll(async () => (await slow.request('/metrics')).status, { timeout: 5_000 }).toBe(503);
    socket.destroy();
    render('a 1\n');
    await expect.poll(async () => (await slow.request('/metrics')).status, { timeout: 5_000 }).toBe(200);
    await slow.close();
  });

  it('that take too long are cut off, so that slow readers hold no places', async () => {
    const { slow, render } = await startSlow({ inProgressMax: 1, durationMsMax: 100 });
    await expect(slow.request('/metrics')).rejects.toThrow('socket hang up');
    render('a 1\n');
    expect((await slow.request('/metrics')).status).toBe(200);
    await slow.close();
  });
});

describe('connections', () => {
  it('beyond the cap are closed at once, and the others are served', async () => {
    const capped = await startTestServer({ connectionsMax: 10 });
    const sockets = Array.from({ length: 30 }, () => connect(capped.port, '127.0.0.1').on('error', () => undefined));
    await expect.poll(() => sockets.filter(({ closed }) => closed).length, { timeout: 5_000 }).toBe(20);
    const others = sockets.filter(({ closed }) => !closed);
    const answers = others.map((socket) => once(socket.setEncoding('utf8'), 'data'));
    for (const socket of others) socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await Promise.all(answers)).map(([text]) => String(text).split('\r\n')[0])).toEqual(Array<string>(10).fill('HTTP/1.1 200 OK'));
    for (const socket of others) socket.destroy();
    await expect.poll(() => capped.request('/health/live').then(({ status }) => status, () => 0), { timeout: 5_000 }).toBe(200);
    await capped.close();
  });

  it('that are dropped are logged once for all that are dropped together', () => {
    const logged: unknown[] = [];
    const logger = createLogger('warn');
    logger.warn = (...args: unknown[]) => void logged.push(args[0]);
    const flooded = createServer();
    limitConnections(flooded, 7, logger);
    for (let dropped = 0; dropped < 1_000; dropped += 1) flooded.emit('drop');
    expect(flooded.maxConnections).toBe(7);
    expect(logged).toEqual([{ connectionsMax: 7, droppedCount: 1 }]);
  });
});
