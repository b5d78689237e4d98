import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '#server/sandbox/openrouter/fault-queue.ts';
import { startTestOpenRouter, TEST_API_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';

let openRouter: TestOpenRouter;
let client: OpenAI;

beforeAll(async () => {
  openRouter = await startTestOpenRouter();
  client = new OpenAI({ baseURL: openRouter.url, apiKey: TEST_API_KEY, maxRetries: 0, timeout: 5_000 });
});
afterEach(() => openRouter.clearFaults());
afterAll(() => openRouter.close());

const params = {
  model: 'openai/gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Horoscope for Leo in English' }],
  max_tokens: 900,
};

async function failWith(mode: Fault['mode'], retryAfterSeconds?: number): Promise<unknown> {
  await openRouter.addFault({ mode, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
  return client.chat.completions.create(params).then(
    () => expect.unreachable('it answered'),
    (error: unknown) => error,
  );
}

describe('the openai client against the stand-in', () => {
  it('creates a completion with usage, cost and the generation id of the header', async () => {
    const { data, response } = await client.chat.completions.create(params).withResponse();
    expect(data.choices[0]?.message.content).toContain('Leo');
    expect(data.id).toMatch(/^gen-\d{10}-[A-Za-z0-9]{20}$/);
    expect(response.headers.get('x-generation-id')).toBe(data.id);
    expect(data.usage).toMatchObject({ is_byok: false, cost: expect.any(Number) });
    expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0));
  });

  it('streams the same text that a whole answer holds, with the usage at its end', async () => {
    const whole = await client.chat.completions.create(params);
    const stream = client.chat.completions.stream({ ...params, stream: true });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(final.choices[0]?.finish_reason).toBe('stop');
    expect(final.usage).toMatchObject({ cost: expect.any(Number), completion_tokens: whole.usage?.completion_tokens });
  });

  it.each([
    ['400', OpenAI.BadRequestError],
    ['401', OpenAI.AuthenticationError],
    ['402', OpenAI.APIError],
    ['403', OpenAI.PermissionDeniedError],
    ['404', OpenAI.NotFoundError],
    ['408', OpenAI.APIError],
    ['429', OpenAI.RateLimitError],
    ['500', OpenAI.InternalServerError],
    ['502', OpenAI.InternalServerError],
    ['503', OpenAI.InternalServerError],
    ['524', OpenAI.InternalServerError],
  ] as const)('throws the class of status %s', async (mode, errorClass) => {
    const error = await failWith(mode);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status: Number(mode), error: { code: Number(mode), message: expect.any(String) } });
  });

  it('reads when to come back, and the limits, from a 429', async () => {
    const error = await failWith('429', 7);
    const headers = error instanceof OpenAI.APIError ? error.headers : undefined;
    expect(headers?.get('retry-after')).toBe('7');
    expect(headers?.get('x-ratelimit-remaining')).toBe('0');
  });

  it('does not throw on an error inside a 200', async () => {
    await openRouter.addFault({ mode: 'error_in_200' });
    expect(await client.chat.completions.create(params)).toMatchObject({ error: { code: 502 } });
  });

  it('throws on an error in the middle of a stream, with a code and no status', async () => {
    await openRouter.addFault({ mode: 'midstream_error' });
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ ...params, stream: true })) expect(chunk.id).toMatch(/^gen-/);
    };
    const error: unknown = await read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: 502, status: undefined });
    expect((await openRouter.journal()).entries.at(-1)).toMatchObject({ outcome: 'not_billed', isStreamed: true });
  });

  it('notices a stream that was cut', async () => {
    await openRouter.addFault({ mode: 'cut_stream' });
    const error: unknown = await client.chat.completions
      .stream({ ...params, stream: true })
      .finalChatCompletion()
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain('finish_reason');
  });

  it('bills of a stream that the client left only what was written', async () => {
    const slow = await startTestOpenRouter({ latencyScale: 1 });
    const impatient = new OpenAI({ baseURL: slow.url, apiKey: TEST_API_KEY, maxRetries: 0 });
    const stream = await impatient.chat.completions.create({ ...params, stream: true });
    for await (const chunk of stream) {
      expect(chunk.object).toBe('chat.completion.chunk');
      break;
    }
    stream.controller.abort();
    await expect
      .poll(async () => (await slow.journal()).entries[0], { timeout: 10_000 })
      .toMatchObject({ isCancelled: true, outcome: 'billed' });
    await slow.close();
  });

  it('lists models', async () => {
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toContain('anthropic/claude-haiku-4.5');
  });

  it.each([
    [undefined, 'Missing Authentication header'],
    ['Basic abc', 'No cookie auth credentials found'],
    ['Bearer nonsense', 'User not found.'],
    ['Bearer sk-or-v1-revoked-1', 'User not found.'],
  ])('refuses the authorization %s', async (authorization, message) => {
    const response = await fetch(`${openRouter.url}/key`, { headers: authorization ? { authorization } : {} });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { code: 401, message } });
  });
});
