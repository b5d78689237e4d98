import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import express, { type Response } from 'express';
import { afterEach, expect, test } from 'vitest';
import { paceBody } from '#server/http/pace-body.ts';

const PIECE = new Uint8Array(256 * 1024);
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A response that is being answered, and who asked for it. */
async function exchange(): Promise<{ readonly res: Response; readonly answer: Promise<IncomingMessage> }> {
  const app = express();
  const responding = Promise.withResolvers<Response>();
  app.get('/', (_req, res) => responding.resolve(res));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => void server.close(), () => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject).end();
  });
  // Whether it is answered is not what every test asks.
  answer.catch(() => undefined);
  return { res: await responding.promise, answer };
}

/** Writes as Remix does: without asking whether there is room. */
async function write(body: ReadableStream<Uint8Array>, res: Response): Promise<void> {
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) res.write(next.value);
  res.end();
}

const endless = () => {
  const pieces = function* () {
    for (;;) yield PIECE;
  };
  return Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
};

test('a reader who takes nothing for too long is cut off, and the source with them', async () => {
  const { res, answer } = await exchange();
  const source = endless();
  let faultCount = 0;
  await write(paceBody(res, source, { isCompressed: false, onFault: () => (faultCount += 1), stalledMs: 100 }), res);
  expect([res.destroyed, source.destroyed, faultCount]).toEqual([true, true, 0]);
  await expect((async () => {
    for await (const _ of await answer);
  })()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('for a reader who has gone before the first byte, nothing is made', async () => {
  const { res } = await exchange();
  res.destroy();
  await once(res, 'close');
  let madeCount = 0;
  const pieces = function* () {
    madeCount += 1;
    yield PIECE;
  };
  const source = Readable.from(pieces(), { objectMode: false, highWaterMark: 1 });
  const body = paceBody(res, source, { isCompressed: false, onFault: () => undefined });
  expect(source.destroyed).toBe(true);
  expect(await body.getReader().read()).toEqual({ done: true, value: undefined });
  expect(madeCount).toBe(0);
});

test('a body that nobody wants any more destroys its source', async () => {
  const { res } = await exchange();
  const source = endless();
  await paceBody(res, source, { isCompressed: false, onFault: () => undefined }).cancel();
  expect(source.destroyed).toBe(true);
});

test('a source that fails fails the body, and is told of once', async () => {
  const { res } = await exchange();
  const faults: string[] = [];
  const source = Readable.from((async function* () {
    yield PIECE;
    await Promise.resolve();
    throw new Error('gone');
  })(), { objectMode: false, highWaterMark: 1 });
  const body = paceBody(res, source, { isCompressed: true, onFault: () => faults.push('told') });
  await expect(write(body, res)).rejects.toThrow('gone');
  expect(faults).toEqual(['told']);
});
