import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createErrorHandler } from '#server/http/handle-error.ts';
import { normaliseRequestPath } from '#server/http/normalise-path.ts';
import { createRequestState } from '#server/http/request-state.ts';
import { shedLoad } from '#server/http/shed-load.ts';
import { createLogger } from '#server/lib/logger.ts';
import { eventually } from '#tests/support/processes.ts';

/** An app that answers only when it is told to, two people at a time at most. */
let waiting: (() => void)[];
let baseUrl: string;
let close: () => void;
beforeEach(async () => {
  waiting = [];
  const app = express();
  app.use(createRequestState(), normaliseRequestPath(), shedLoad(2));
  app.all('*', (_req, res) => void waiting.push(() => res.send('ok')));
  app.use(createErrorHandler(createLogger('silent')));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  baseUrl = `http://127.0.0.1:${address.port}`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterEach(() => close());

async function ask(count: number, path = '/monitoring') {
  const answers = Array.from({ length: count }, () => fetch(`${baseUrl}${path}`));
  await eventually('the requests to arrive', () => waiting.length >= count);
  return answers;
}

const answerAll = () => waiting.splice(0).forEach((answer) => answer());

test('what is more than can be answered at once is refused in words, with the time to come again', async () => {
  const answers = await ask(2);
  const refused = await fetch(`${baseUrl}/trpc/overview.get`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(await refused.text()).toContain('too much to do');
  answerAll();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
});

test('an answer that has ended makes room for the next', async () => {
  for (let round = 0; round < 3; round += 1) {
    const answers = await ask(2);
    answerAll();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  }
});

test('a visitor who leaves makes room too', async () => {
  const leaving = new AbortController();
  const gone = fetch(`${baseUrl}/monitoring`, { signal: leaving.signal }).catch(() => 'gone');
  await eventually('the request', () => waiting.length === 1);
  leaving.abort();
  expect(await gone).toBe('gone');
  await eventually('room for two', async () => {
    waiting = [];
    const [one, other] = [fetch(`${baseUrl}/a`), fetch(`${baseUrl}/b`)];
    await eventually('both', () => waiting.length === 2, 200).catch(() => undefined);
    answerAll();
    return (await Promise.all([one, other])).every(({ status }) => status === 200);
  });
});

test.each(['/health/live', '/health/ready', '/health', '/health/database', '/metrics', '/telegram/webhook'])('%s is never refused for load', async (path) => {
  const people = await ask(2);
  const machine = fetch(`${baseUrl}${path}`);
  await eventually('the machine to be let in', () => waiting.length === 3);
  answerAll();
  expect((await machine).status).toBe(200);
  await Promise.all(people);
});
