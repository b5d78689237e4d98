import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { buildLlmRequest, TEST_API_KEY } from '#tests/support/openrouter.ts';

/** What the stand-in does not do: a server of our own that answers as the test says. */
let server: Server | null = null;
let requests: { readonly headers: Record<string, unknown>; readonly body: unknown }[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  requests = [];
});

async function generateAgainst(listener: RequestListener, timeoutMs = 2_000): Promise<LlmOutcome> {
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      requests.push({ headers: req.headers, body: text === '' ? null : JSON.parse(text) });
      listener(req, res);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = createLlmClient({
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    apiKey: TEST_API_KEY,
    appUrl: 'https://bot.example',
    timeoutMs,
  });
  return client.generate(buildLlmRequest());
}

describe('what goes over the wire', () => {
  it('is the model, the prompt, the limit and the pseudonym, with key and title, once', async () => {
    await generateAgainst((_req, res) => res.writeHead(503).end());
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${TEST_API_KEY}`,
      'x-openrouter-title': 'AdtroBot',
      'http-referer': 'https://bot.example',
      'x-stainless-retry-count': '0',
    });
    expect(requests[0]?.body).toEqual({
      model: 'openai/gpt-4o-mini',
      max_tokens: 1_500,
      stream: true,
      user: 'tag-of-a-user',
      messages: [
        { role: 'system', content: 'You are an astrologer. Answer in English.' },
        { role: 'user', content: 'Horoscope of the day for Leo.' },
      ],
    });
  });

  it('never goes to where a redirect points', async () => {
    const outcome = await generateAgainst((req, res) =>
      req.url === '/stolen' ? res.end('{}') : res.writeHead(307, { location: '/stolen' }).end(),
    );
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'connection', wasBilled: 'unknown' });
    expect(requests).toHaveLength(1);
  });
});

describe('what comes back', () => {
  it('is not read beyond its limit, and its generation id is kept', async () => {
    const outcome = await generateAgainst((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'x-generation-id': 'gen-huge' });
      const flood = setInterval(() => res.write(' '.repeat(500_000)), 1);
      res.once('close', () => clearInterval(flood));
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      errorType: 'invalid_response',
      wasBilled: 'unknown',
      generationId: 'gen-huge',
      httpStatus: 200,
    });
  });

  it('ends at the deadline although a byte drips now and then', async () => {
    const outcome = await generateAgainst((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'x-generation-id': 'gen-slow' });
      const drip = setInterval(() => res.write(' '), 20);
      res.once('close', () => clearInterval(drip));
    }, 300);
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'timeout', wasBilled: 'unknown', generationId: 'gen-slow' });
    expect(outcome.durationMs).toBeLessThan(1_500);
  });

  it("ends at the deadline although an error's body never comes", async () => {
    const outcome = await generateAgainst((_req, res) => res.writeHead(500, { 'content-type': 'application/json' }).write('{'), 300);
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'timeout', wasBilled: 'unknown' });
    expect(outcome.durationMs).toBeLessThan(1_500);
  });

  it('never carries the key, whatever the provider repeats', async () => {
    const words = JSON.stringify({ error: { code: 401, message: `${'x'.repeat(280)} bad key ${TEST_API_KEY}` } });
    for (const status of [200, 401]) {
      const outcome = await generateAgainst((_req, res) => res.writeHead(status, { 'content-type': 'application/json' }).end(words));
      expect(JSON.stringify(outcome)).not.toContain(TEST_API_KEY.slice(0, 12));
    }
  });

  it('may be an error without a code, without words or without anything', async () => {
    for (const body of ['{"error":{"error_type":"model_not_found","http_status":400}}', '{"error":"no"}', '{}', '', 'null']) {
      const outcome = await generateAgainst((_req, res) => res.writeHead(400, { 'content-type': 'application/json' }).end(body));
      expect(outcome).toMatchObject({ kind: 'failed', errorType: 'bad_request', wasBilled: 'no', httpStatus: 400 });
    }
  });

  it('is not known to be free when a failed response names a generation', async () => {
    const outcome = await generateAgainst((_req, res) =>
      res
        .writeHead(502, { 'content-type': 'application/json', 'x-generation-id': 'gen-lost' })
        .end('{"error":{"code":502,"message":"gone"}}'),
    );
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'provider_error', wasBilled: 'unknown', generationId: 'gen-lost' });
  });

  it('keeps characters whole that the network split', async () => {
    const body = Buffer.from(JSON.stringify({ id: 'gen-1', choices: [{ finish_reason: 'stop', message: { content: 'Звёзды ✨' } }] }));
    const outcome = await generateAgainst((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      const writeFrom = (index: number): void => {
        if (index === body.length) return void res.end();
        res.write(body.subarray(index, index + 1));
        setImmediate(() => writeFrom(index + 1));
      };
      writeFrom(0);
    });
    expect(outcome).toMatchObject({ kind: 'answered', text: 'Звёзды ✨' });
  });
});
