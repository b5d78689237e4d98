import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, getApi, postChat } from '#tests/support/openrouter-wire.ts';

let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter();
});
afterAll(() => openRouter.close());

const user = (content: unknown) => ({ role: 'user', content });
const lastEntry = async () => (await openRouter.journal()).entries.at(-1);

/** What was billed as the prompt of these messages. */
async function countPromptTokens(...messages: readonly Record<string, unknown>[]): Promise<number | undefined> {
  const response = await postChat(openRouter, chatBody({ messages }));
  expect(response.status).toBe(200);
  await response.text();
  return (await lastEntry())?.promptTokens;
}

describe('a chat request that is refused', () => {
  test.each([
    ['no JSON', '{"messages":[', 'Invalid JSON in the request body'],
    ['no object', '[]', 'Invalid request'],
    ['an empty object', '{}', 'Invalid request: messages'],
    ['no message', JSON.stringify(chatBody({ messages: [] })), 'Invalid request: messages'],
    ['more messages than allowed', JSON.stringify(chatBody({ messages: Array(1_001).fill(user('x')) })), 'Invalid request: messages'],
    ['an unknown role', JSON.stringify(chatBody({ messages: [user('x'), { role: 'king', content: 'x' }] })), 'Invalid request: messages.1.role'],
    ['a text that is a number', JSON.stringify(chatBody({ messages: [user(7)] })), 'Invalid request: messages.0.content'],
    ['a limit of no token', JSON.stringify(chatBody({ max_tokens: 0 })), 'Invalid request: max_tokens'],
    ['a limit of half a token', JSON.stringify(chatBody({ max_tokens: 0.5 })), 'Invalid request: max_tokens'],
    ['a wish to stream in words', JSON.stringify(chatBody({ stream: 'yes' })), 'Invalid request: stream'],
    ['an unknown model', JSON.stringify(chatBody({ model: 'acme/x' })), 'acme/x is not a valid model ID'],
    ['a suffix that is none', JSON.stringify(chatBody({ model: 'openai/gpt-4o:cheap' })), 'openai/gpt-4o:cheap is not a valid model ID'],
    ['only unknown models', JSON.stringify(chatBody({ model: undefined, models: ['acme/y', 'acme/z'] })), 'acme/y is not a valid model ID'],
  ])('for %s is told what is wrong with it, in the envelope, with status 400', async (_case, body, message) => {
    const response = await postChat(openRouter, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { code: 400, message: expect.stringContaining(message) } });
    expect(response.headers.get('x-generation-id')).toBeNull();
  });

  test('is journalled without a charge and without a generation, under the model that it named', async () => {
    await postChat(openRouter, chatBody({ model: 'acme/x' }));
    expect(await lastEntry()).toMatchObject({
      generationId: null, model: 'acme/x', outcome: 'not_billed', costUsd: '0', httpStatus: 400, finishReason: null, completionTokens: 0,
    });
    await postChat(openRouter, chatBody({ messages: [] }));
    expect(await lastEntry()).toMatchObject({ generationId: null, model: 'unknown', outcome: 'not_billed', httpStatus: 400 });
  });

  test('uses up no fault that waits for a good one', async () => {
    await openRouter.addFault({ mode: '503' });
    expect((await postChat(openRouter, chatBody({ messages: [] }))).status).toBe(400);
    expect((await postChat(openRouter, chatBody())).status).toBe(503);
    expect((await postChat(openRouter, chatBody())).status).toBe(200);
  });

  test.each(['/chat/completions', '/nowhere', '/'])('at %s with GET finds nothing there', async (path) => {
    const response = await getApi(openRouter, path);
    expect([response.status, await response.json()]).toEqual([404, { error: { code: 404, message: 'Not Found' } }]);
  });
});

describe('a chat request that is taken', () => {
  test('may say its text at once, in parts, in no words at all, and in any role', async () => {
    const single = await countPromptTokens(user('a'.repeat(40)));
    expect(single).toBe(17);
    expect(await countPromptTokens(user([{ type: 'text', text: 'a'.repeat(40) }]))).toBe(single);
    expect(await countPromptTokens(user(null), { role: 'assistant' })).toBe(8);
    for (const role of ['system', 'developer', 'assistant', 'tool']) expect(await countPromptTokens({ role, content: 'a'.repeat(40) })).toBe(single);
    expect(await countPromptTokens(user([{ type: 'image_url', image_url: { url: 'data:' } }, { type: 'text', text: 'a'.repeat(39) }]))).toBe(single);
  });

  test('obeys the newer name of the limit before the older one', async () => {
    await postChat(openRouter, chatBody({ max_tokens: 900, max_completion_tokens: 5 })).then((response) => response.text());
    expect(await lastEntry()).toMatchObject({ completionTokens: 5, finishReason: 'length' });
    await postChat(openRouter, chatBody({ max_tokens: 1, max_completion_tokens: null })).then((response) => response.text());
    expect(await lastEntry()).toMatchObject({ completionTokens: 1, finishReason: 'length' });
  });

  test.each([
    [{ model: undefined }, 'openai/gpt-4o-mini'],
    [{ model: undefined, models: [] }, 'openai/gpt-4o-mini'],
    [{ model: 'openrouter/auto' }, 'openai/gpt-4o-mini'],
    [{ model: 'openai/gpt-4o:floor' }, 'openai/gpt-4o'],
    [{ model: 'openai/gpt-oss-120b:free' }, 'openai/gpt-oss-120b:free'],
    [{ model: 'acme/x', models: ['acme/y', 'qwen/qwen-turbo', 'openai/gpt-4o'] }, 'qwen/qwen-turbo'],
    [{ model: 'openai/gpt-4o', models: ['qwen/qwen-turbo'] }, 'openai/gpt-4o'],
  ])('with %j is served, billed and answered as %s', async (names, served) => {
    expect(await (await postChat(openRouter, chatBody(names))).json()).toMatchObject({ model: served });
    expect(await lastEntry()).toMatchObject({ model: served, outcome: 'billed', httpStatus: 200 });
  });

  test('that has unknown fields, nulls and no pseudonym is as good as any', async () => {
    const response = await postChat(openRouter, chatBody({ stream: null, user: null, max_tokens: null, provider: { order: ['Azure'] }, usage: { include: true } }));
    expect(response.headers.get('content-type')).toBe('application/json');
    await response.text();
    expect(await lastEntry()).toMatchObject({ externalUser: null, isStreamed: false, finishReason: 'stop' });
  });
});
