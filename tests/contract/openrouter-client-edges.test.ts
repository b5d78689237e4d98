import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLlmClient, type LlmClientOptions, type LlmRequestEvent } from '#server/ai/create-llm-client.ts';
import { AppError, describeError } from '#server/errors.ts';
import { buildLlmRequest, TEST_API_KEY } from '#tests/support/openrouter.ts';

interface Seen {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  servers = [];
  vi.unstubAllEnvs();
});

/** Our client against a server that answers as the test says, and what that server saw. */
async function startClient(listener: RequestListener, options: Partial<LlmClientOptions> = {}) {
  const seen: Seen[] = [];
  const events: LlmRequestEvent[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      seen.push({ path: req.url, headers: req.headers, body });
      listener(req, res);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = createLlmClient({ baseUrl: `http://127.0.0.1:${port}/api/v1`, apiKey: TEST_API_KEY, onRequest: (event) => events.push(event), ...options });
  return { client, seen, events };
}

const answerJson = (body: unknown, status = 200): RequestListener => (_req, res) =>
  void res.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));

const rejection = async (promise: Promise<unknown>): Promise<AppError> => {
  const reason: unknown = await promise.then(() => null, (error: unknown) => error);
  if (!(reason instanceof AppError)) throw new Error(`no AppError but ${String(reason)}`);
  return reason;
};

describe('getKey', () => {
  test.each([
    [{ data: { limit_remaining: 74.5, label: 'x' } }, 74.5],
    [{ data: { limit_remaining: 0 } }, 0],
    [{ data: { limit_remaining: -0.25 } }, -0.25],
    [{ data: { limit_remaining: null } }, null],
    [{ data: {} }, null],
  ])('reads from %j that %j is left', async (body, limitRemainingUsd) => {
    const { client, seen, events } = await startClient(answerJson(body));
    expect(await client.getKey()).toMatchObject({ limitRemainingUsd });
    expect(seen).toMatchObject([{ path: '/api/v1/key', headers: { authorization: `Bearer ${TEST_API_KEY}` } }]);
    expect(events).toMatchObject([{ endpoint: 'key', outcome: 'ok' }]);
  });

  test.each(['', '<html></html>', 'null', '[]', '{}', '{"data":[]}', '{"data":{"limit_remaining":"much"}}', '{"error":{"code":500}}'])(
    'takes a 200 with the body %j for a service that is not available',
    async (body) => {
      const { client, events } = await startClient(answerJson(body));
      expect(await rejection(client.getKey())).toMatchObject({ code: 'unavailable', message: 'OpenRouter answers something else than asked.' });
      expect(events).toMatchObject([{ endpoint: 'key', outcome: 'invalid_response' }]);
    },
  );

  test.each([
    [401, 'unauthenticated', 'unauthorized'],
    [403, 'unauthenticated', 'forbidden'],
    [402, 'unavailable', 'payment_required'],
    [429, 'unavailable', 'rate_limited'],
    [503, 'unavailable', 'provider_error'],
  ] as const)('of status %i is %s, asked once, and the words of the answer stay in its cause', async (status, code, outcome) => {
    const { client, seen, events } = await startClient(answerJson({ error: { code: status, message: `secret words ${TEST_API_KEY}` } }, status));
    const error = await rejection(client.getKey());
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret words');
    expect(describeError(error)).toContain('secret words [key]');
    expect(seen).toHaveLength(1);
    expect(events).toMatchObject([{ endpoint: 'key', outcome }]);
  });

  test('does not read a body without end, nor wait for one that does not come', async () => {
    const flood = await startClient((_req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(200_000)));
    expect(describeError(await rejection(flood.client.getKey()))).toContain('longer than');
    const stall = await startClient((_req, res) => res.writeHead(200).write(' '), { timeoutMs: 150 });
    expect(await rejection(stall.client.getKey())).toMatchObject({ code: 'unavailable' });
    expect(stall.events).toMatchObject([{ endpoint: 'key', outcome: 'timeout' }]);
  });
});

describe('listModels', () => {
  test.each(['', '[]', '{"data":{}}', '{"error":{"code":500,"message":"x"}}'])('rejects a 200 with the body %j', async (body) => {
    const { client, events } = await startClient(answerJson(body));
    expect(await rejection(client.listModels())).toMatchObject({ code: 'unavailable', message: 'OpenRouter cannot be asked for its prices now.' });
    expect(events).toMatchObject([{ endpoint: 'models', outcome: 'invalid_response' }]);
  });

  test('is asked once, also when the service says that it is down', async () => {
    const { client, seen } = await startClient(answerJson({ error: { code: 500, message: 'x' } }, 500));
    await rejection(client.listModels());
    expect(seen.map(({ path }) => path)).toEqual(['/api/v1/models']);
  });

  test('keeps the models that it understands, in their order', async () => {
    const priced = (id: string, prompt: string) => ({ id, pricing: { prompt, completion: '0.000002' } });
    const { client } = await startClient(answerJson({ data: [priced('b/b', '0.000001'), priced('router/auto', '-1'), 7, priced('a/a', '9.6e-06')] }));
    expect((await client.listModels()).map(({ model, promptUsd }) => [model, promptUsd])).toEqual([['b/b', '0.000001'], ['a/a', '0.0000096']]);
  });
});

describe('what the client sends', () => {
  const refuse = answerJson({ error: { code: 503, message: 'busy' } }, 503);

  test('names no user and no installation where there is none to name', async () => {
    const { client, seen } = await startClient(refuse);
    await client.generate(buildLlmRequest({ userTag: null }));
    expect(JSON.parse(seen[0]?.body ?? '')).not.toHaveProperty('user');
    expect(seen[0]?.headers).not.toHaveProperty('http-referer');
  });

  test('is not changed by what the environment holds for other programs', async () => {
    for (const name of ['OPENAI_API_KEY', 'OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) vi.stubEnv(name, 'somebody-elses');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9/v1');
    const { client, seen } = await startClient(refuse);
    await client.generate(buildLlmRequest());
    await rejection(client.getKey());
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(seen)).not.toContain('somebody-elses');
  });

  test('goes out once for each of many calls that begin together, and each has its own end', async () => {
    let count = 0;
    const { client, seen, events } = await startClient((req, res) => answerJson({ error: { code: 429, message: `refusal ${(count += 1)}` } }, 429)(req, res));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => client.generate(buildLlmRequest())));
    const details = outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.detail : 'answered'));
    expect(new Set(details).size).toBe(20);
    expect(seen).toHaveLength(20);
    expect(events.map(({ outcome, durationMs }) => [outcome, Number.isInteger(durationMs) && durationMs >= 0])).toEqual(Array(20).fill(['rate_limited', true]));
  });
});
