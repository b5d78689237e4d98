import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExportRequest } from '#server/contracts/export.ts';
import { AppError } from '#server/errors.ts';
import { RangeInput } from '#server/contracts/time-range.ts';
import { collect } from '#tests/support/exports.ts';
import { COOKIE, SECRET, startTestServer, type TestServer } from './test-server.ts';

const PATH = '/monitoring/export/ledger?range=7d';
const OURS = { cookie: COOKIE };
const PACKED = { ...OURS, 'accept-encoding': 'gzip, br' };
const PIECE = Buffer.alloc(64 * 1024, 'x');

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

interface Given {
  readonly pieces?: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly rowCount?: number | null;
  readonly contentType?: string;
  readonly refusal?: unknown;
}

/** The server with an export that gives these pieces. */
async function start({ pieces = () => [PIECE], rowCount = null, contentType = 'text/csv; charset=utf-8', refusal }: Given) {
  const asked: ExportRequest[] = [];
  const sources: Readable[] = [];
  const server = await startTestServer({}, undefined, null, {}, (request) => {
    asked.push(request);
    if (refusal !== undefined) return Promise.reject(refusal);
    const source = Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
    sources.push(source);
    return Promise.resolve({ fileName: 'adtrobot-ledger-2026-11-01-2026-11-07.csv', contentType, rowCount, source });
  });
  servers.push(server);
  return { server, asked, sources };
}

function open(port: number, headers: Record<string, string> = OURS): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path: PATH, agent: false, headers }, resolve).on('error', reject).end();
  });
}

/** Pieces without an end, and how many were made. */
function endless() {
  const made = { count: 0, isEnded: false };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        made.count += 1;
        yield PIECE;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      made.isEnded = true;
    }
  }
  return { made, pieces };
}

test('an export is a file with a name of its own, kept by no cache, and says how many rows are in it', async () => {
  const { server, asked } = await start({ rowCount: 12 });
  const { status, headers, body } = await server.request(PATH, { headers: { ...OURS, 'accept-language': 'ru' } });
  expect([status, body.length]).toEqual([200, PIECE.length]);
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="adtrobot-ledger-2026-11-01-2026-11-07.csv"',
    'x-row-count': '12',
    'x-content-type-options': 'nosniff',
  });
  expect(headers['cache-control']).toContain('no-store');
  expect(asked.map(({ name, query, language }) => [name, query.toString(), language])).toEqual([['ledger', 'range=7d', 'ru']]);
});

test('where the number of rows is not known, nothing is said of it', async () => {
  const { server } = await start({});
  expect((await server.request(PATH, { headers: OURS })).headers).not.toHaveProperty('x-row-count');
});

test('a file is compressed for those who take gzip, a zip is not', async () => {
  const [csv, zip] = await Promise.all([start({}), start({ contentType: 'application/zip' })]);
  const [packed, plain] = await Promise.all([open(csv.server.port, PACKED), open(zip.server.port, PACKED)]);
  expect([packed.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(['gzip', undefined]);
  expect(gunzipSync(Buffer.concat(await collect(packed))).equals(PIECE)).toBe(true);
  expect(Buffer.concat(await collect(plain)).equals(PIECE)).toBe(true);
});

test.each([undefined, 'gzip'])('no more is made than a slow reader takes (%s)', async (encoding) => {
  // Random bytes, so that compressing makes them no less.
  const { made, pieces } = endless();
  const noise = Buffer.from(Array.from({ length: 64 * 1024 }, () => Math.floor(Math.random() * 256)));
  async function* noisy(): AsyncGenerator<Uint8Array> {
    for await (const _ of pieces()) yield noise;
  }
  const { server } = await start({ pieces: noisy });
  const answer = await open(server.port, { ...OURS, ...(encoding ? { 'accept-encoding': encoding } : {}) });
  let before = -1;
  // What fills sockets and pipes on the way is bounded: it comes to rest.
  for (let atRest = 0; atRest < 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    atRest = made.count === before ? atRest + 1 : 0;
    before = made.count;
    expect(made.count).toBeLessThan(400);
  }
  const restingAt = made.count;
  for await (const _ of answer) if (made.count > restingAt + 20) break;
  expect(made.count).toBeGreaterThan(restingAt);
});

test.each([undefined, 'gzip'])('a reader who goes away ends the export at once, and is no failure (%s)', async (encoding) => {
  const { made, pieces } = endless();
  const { server, sources } = await start({ pieces });
  const answer = await open(server.port, { ...OURS, ...(encoding ? { 'accept-encoding': encoding } : {}) });
  await once(answer, 'data');
  answer.destroy();
  await expect.poll(() => made.isEnded && sources.every((source) => source.destroyed)).toBe(true);
  const madeCount = made.count;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(made.count).toBe(madeCount);
  expect(server.logged).toEqual([]);
});

test.each([undefined, 'gzip'])('an export that fails in the middle breaks the connection, and is logged and counted once (%s)', async (encoding) => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield PIECE;
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error(SECRET);
  }
  const { server } = await start({ pieces: broken });
  const answer = await open(server.port, { ...OURS, ...(encoding ? { 'accept-encoding': encoding } : {}) });
  await expect(collect(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(answer.complete).toBe(false);
  const counted = async () => /^adtrobot_errors_total\{handler="\/monitoring\/export\/:report",error_type="internal"\} (\d+)$/m.exec((await server.metrics.render(null)).body)?.[1];
  await expect.poll(counted, { timeout: 5_000 }).toBe('1');
  expect(server.logged).toHaveLength(1);
});

test('what went wrong on our side is told in general words, with the status of a fault', async () => {
  const { server } = await start({ refusal: new Error(SECRET) });
  const { status, body } = await server.request(PATH, { headers: OURS });
  expect(status).toBe(500);
  expect(body).not.toContain(SECRET);
});

test.each([
  ['en', 'range: must be one of 24h, 7d, 30d.'],
  ['ru', 'range:'],
])('a bad range is refused with 400 and in the language of the visitor: %s', async (language, words) => {
  const cause = RangeInput.safeParse({ range: '9d' }).error;
  const { server } = await start({ refusal: new AppError('bad_input', 'range must be one of …', cause) });
  const { status, headers, body } = await server.request(PATH, { headers: { ...OURS, 'accept-language': language } });
  expect([status, headers['content-type'], headers['content-disposition']]).toEqual([400, 'text/plain; charset=utf-8', undefined]);
  expect(body).toContain(words);
  expect(/[а-я]/.test(body)).toBe(language === 'ru');
});

test.each([
  [404, new AppError('not_found', 'no')],
  [429, new AppError('too_many_requests', 'no')],
  [503, new AppError('unavailable', 'no', new Error(SECRET))],
  [400, new AppError('bad_input', 'no', new z.ZodError([{ code: 'custom', path: ['user'], message: SECRET, input: undefined }]))],
])('a refusal has its status %i and words of ours', async (expected, refusal) => {
  const { server } = await start({ refusal });
  const { status, body } = await server.request(PATH, { headers: OURS });
  expect(status).toBe(expected);
  expect(body).toMatch(/^This export is not possible\n\n\S.*\.\n$/);
  expect(body).not.toContain(SECRET);
});

test('nobody without a session gets an export: a page is led to the log-in and back, a program is refused', async () => {
  const { server, asked } = await start({});
  const page = await server.request(PATH, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.location]).toEqual([302, '/login?next=%2Fmonitoring%2Fexport%2Fledger%3Frange%3D7d']);
  expect((await server.request(PATH)).status).toBe(401);
  expect(asked).toEqual([]);
});

test('asking for the head of an export opens none', async () => {
  const { server, asked } = await start({});
  expect((await server.request(PATH, { method: 'HEAD', headers: OURS })).status).toBe(405);
  expect(asked).toEqual([]);
});
