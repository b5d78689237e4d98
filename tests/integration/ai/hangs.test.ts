import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createLlmClient, type LlmClientOptions } from '#server/ai/create-llm-client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { buildLlmRequest, TEST_API_KEY } from '#tests/support/openrouter.ts';
import { eventually } from '#tests/support/processes.ts';

/*
 * Where a call can hang, each stage has a limit of its own; what it ends in says how far the call came.
 */
let server: Server | undefined;
const sockets: Socket[] = [];
let frozen: ChildProcess | undefined;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.closeAllConnections();
  server?.close();
  if (frozen) {
    frozen.kill('SIGKILL');
    await once(frozen, 'exit');
    frozen = undefined;
  }
});

type Timeouts = Pick<LlmClientOptions, 'connectTimeoutMs' | 'firstByteTimeoutMs' | 'idleTimeoutMs' | 'timeoutMs'>;
type Timed = { readonly outcome: LlmOutcome; readonly tookMs: number };

async function call(port: number, timeouts: Timeouts): Promise<Timed> {
  const client = createLlmClient({ baseUrl: `http://127.0.0.1:${port}/api/v1`, apiKey: TEST_API_KEY, timeoutMs: 10_000, ...timeouts });
  // The SDK is loaded by the first call, which is not what is measured.
  await client.findGeneration('gen-0').catch(() => undefined);
  const startedAt = performance.now();
  const outcome = await client.generate(buildLlmRequest());
  return { outcome, tookMs: performance.now() - startedAt };
}

async function serve(listener: RequestListener): Promise<number> {
  server = createServer((req, res) => (req.url?.includes('/generation') ? res.writeHead(404).end('{}') : listener(req, res))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function expectWithin({ tookMs }: Timed, limitMs: number): void {
  expect(tookMs).toBeGreaterThanOrEqual(limitMs * 0.9);
  expect(tookMs).toBeLessThan(limitMs + 1_500);
}

const EVENT_STREAM = { 'content-type': 'text/event-stream', 'x-generation-id': 'gen-1795624320-hang' };
const words = (content: string, finishReason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'gen-1795624320-hang', model: 'v/m', choices: [{ delta: { content }, finish_reason: finishReason }] })}\n\n`;
const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.5 } })}\n\n`;

test('a server that accepts nobody costs the connect limit, and nothing was sent', async () => {
  // A listener that sleeps, and a queue that is full: the kernel lets further calls wait.
  frozen = spawn(process.execPath, ['-e', "const s = require('net').createServer(() => {}).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(frozen.stdout as NonNullable<typeof frozen.stdout>, 'data')) as [Buffer];
  const port = Number(line.toString());
  frozen.kill('SIGSTOP');
  for (let count = 0; count < 8; count += 1) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await sleep(300);
  const client = createLlmClient({ baseUrl: `http://127.0.0.1:${port}/api/v1`, apiKey: TEST_API_KEY, connectTimeoutMs: 1_000, timeoutMs: 20_000, firstByteTimeoutMs: 20_000 });
  const startedAt = performance.now();
  const outcome = await client.generate(buildLlmRequest());
  expect(outcome).toMatchObject({ kind: 'failed', errorType: 'connection', wasBilled: 'no', httpStatus: null });
  expect(performance.now() - startedAt).toBeLessThan(6_000);
});

test('a server that never answers costs the limit to the first byte, and may have billed', async () => {
  let hasClosed = false;
  const port = await serve((req) => void req.socket.once('close', () => (hasClosed = true)));
  const timed = await call(port, { firstByteTimeoutMs: 400 });
  expect(timed.outcome).toMatchObject({ errorType: 'timeout', wasBilled: 'unknown', httpStatus: null, generationId: null });
  expectWithin(timed, 400);
  await eventually('the server to see the close', () => hasClosed);
});

test('a stream that falls silent costs the limit between two pieces, and its id is kept', async () => {
  const port = await serve((_req, res) => void res.writeHead(200, EVENT_STREAM).write(words('half of an answer')));
  const timed = await call(port, { idleTimeoutMs: 400 });
  expect(timed.outcome).toMatchObject({ errorType: 'timeout', wasBilled: 'unknown', httpStatus: 200, generationId: 'gen-1795624320-hang', responseModel: 'v/m' });
  expectWithin(timed, 400);
});

test('comments keep a stream alive up to the limit of the whole', async () => {
  const port = await serve((_req, res) => {
    res.writeHead(200, EVENT_STREAM);
    const drip = setInterval(() => res.write(': OPENROUTER PROCESSING\n\n'), 50);
    res.once('close', () => clearInterval(drip));
  });
  const timed = await call(port, { idleTimeoutMs: 1_500, timeoutMs: 3_000 });
  expect(timed.outcome).toMatchObject({ errorType: 'timeout', generationId: 'gen-1795624320-hang' });
  expectWithin(timed, 3_000);
});

describe('a stream', () => {
  const answerOf = async (...pieces: readonly (string | Buffer)[]) => {
    const port = await serve((_req, res) => {
      res.writeHead(200, EVENT_STREAM);
      for (const piece of pieces) res.write(piece);
      res.end();
    });
    return (await call(port, { timeoutMs: 3_000 })).outcome;
  };

  test('without its last line is whole when the model had finished and the bill had come', async () => {
    expect(await answerOf(words('The Star.', 'stop'), usage)).toMatchObject({ kind: 'answered', text: 'The Star.', bill: { costUsd: '0.5' } });
  });
  test('that ends before the bill is answered, and its cost is not known', async () => {
    expect(await answerOf(words('The Star.', 'stop'))).toMatchObject({ kind: 'answered', bill: null, generationId: 'gen-1795624320-hang' });
  });
  test('that is cut in the middle is no answer, and may have been billed', async () => {
    expect(await answerOf(words('The St'))).toMatchObject({ kind: 'failed', errorType: 'invalid_response', wasBilled: 'unknown', generationId: 'gen-1795624320-hang' });
  });
  test('that was billed before it broke says so', async () => {
    expect(await answerOf(usage.replace('"choices":[]', '"choices":[{"delta":{"content":"x"},"finish_reason":null}]'), 'data: {"error":{"code":502},"choices":[]}\n\n')).toMatchObject({ kind: 'failed', wasBilled: 'yes', bill: { costUsd: '0.5' } });
  });
  test('keeps letters whole that the network splits', async () => {
    const bytes = Buffer.from(`${words('Звезда 🌟 светит.', 'stop')}${usage}`);
    const cut = bytes.indexOf(Buffer.from('🌟')) + 2;
    expect(await answerOf(bytes.subarray(0, cut), bytes.subarray(cut))).toMatchObject({ kind: 'answered', text: 'Звезда 🌟 светит.' });
  });
  test('of one endless line is let go of at the limit of memory', async () => {
    const outcome = await answerOf(`data: ${'x'.repeat(3_000_000)}`);
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'invalid_response', wasBilled: 'unknown', generationId: 'gen-1795624320-hang' });
  });
});
