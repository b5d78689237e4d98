import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '#server/lib/clock.ts';
import { CATALOGUE } from '#server/sandbox/openrouter/model-catalogue.ts';
import { startTestOpenRouter, TEST_API_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, getApi, postChat } from '#tests/support/openrouter-wire.ts';

/** A Wednesday. */
let now = new Date('2026-11-25T12:00:00.000Z');
const clock: Clock = { now: () => now };
let openRouter: TestOpenRouter;

beforeEach(async () => {
  now = new Date('2026-11-25T12:00:00.000Z');
  openRouter = await startTestOpenRouter({ clock, keyLimitUsd: '10' });
});
afterEach(() => openRouter.close());

const spent = (at: string, costUsd: string, rest: { isByok?: boolean; model?: string; generationId?: string } = {}) => ({
  at, costUsd, generationId: null, model: 'openai/gpt-4o', ...rest,
});
const jsonOf = async (path: string): Promise<unknown> => (await getApi(openRouter, path)).json();

describe('who may ask', () => {
  test.each(['/key', '/auth/key', '/credits', '/generation?id=gen-1'])('at %s only a key that is known', async (path) => {
    expect((await getApi(openRouter, path, null)).status).toBe(401);
    expect((await getApi(openRouter, path, 'sk-or-v1-revoked')).status).toBe(401);
    expect((await getApi(openRouter, path)).status).not.toBe(401);
  });

  test.each(['/models', '/models/count'])('at %s anybody', async (path) => {
    for (const key of [null, 'sk-or-v1-revoked', 'nonsense', TEST_API_KEY]) expect((await getApi(openRouter, path, key)).status).toBe(200);
  });

  test('a stranger uses up no fault and leaves nothing in the journal', async () => {
    await openRouter.addFault({ mode: '500', target: 'key' });
    expect((await getApi(openRouter, '/key', null)).status).toBe(401);
    const chat = await fetch(`${openRouter.url}/chat/completions`, { method: 'POST', body: JSON.stringify(chatBody()) });
    expect(chat.status).toBe(401);
    expect((await openRouter.journal()).entries).toEqual([]);
    expect((await getApi(openRouter, '/key')).status).toBe(500);
  });
});

describe('GET /key', () => {
  test('sums the UTC day, week and month up to now, and moves on with the clock', async () => {
    await openRouter.importEntries([spent('2026-10-31T23:59:59.999Z', '1'), spent('2026-11-22T23:59:59.999Z', '2'), spent('2026-11-23T00:00:00.000Z', '0.5')]);
    await openRouter.importEntries([spent('2026-11-25T00:00:00.000Z', '0.25')]);
    expect(await jsonOf('/key')).toMatchObject({
      data: { usage: 3.75, usage_daily: 0.25, usage_weekly: 0.75, usage_monthly: 2.75, limit: 10, limit_remaining: 6.25 },
    });
    now = new Date('2026-12-01T00:00:00.000Z');
    expect(await jsonOf('/auth/key')).toMatchObject({ data: { usage: 3.75, usage_daily: 0, usage_weekly: 0, usage_monthly: 0, limit_remaining: 6.25 } });
  });

  test("keeps what one's own provider charged apart, and outside of the limit", async () => {
    await openRouter.importEntries([spent('2026-11-25T01:00:00.000Z', '9.5', { isByok: true }), spent('2026-11-25T01:00:00.000Z', '1')]);
    expect(await jsonOf('/key')).toMatchObject({
      data: { usage: 1, byok_usage: 9.5, byok_usage_daily: 9.5, include_byok_in_limit: false, limit_remaining: 9 },
    });
  });

  test('counts the free requests of the day down, and not below nothing', async () => {
    const free = () => spent('2026-11-25T01:00:00.000Z', '0', { model: 'openai/gpt-oss-120b:free' });
    await openRouter.importEntries([free(), free()]);
    expect(await jsonOf('/key')).toMatchObject({ data: { free_model_daily_requests: { limit: 1_000, remaining: 998, used: 2 } } });
    await openRouter.importEntries(Array.from({ length: 1_000 }, free));
    expect(await jsonOf('/key')).toMatchObject({ data: { free_model_daily_requests: { remaining: 0, used: 1_002 } } });
  });

  test('shows enough of the key to know it and not enough to use it', async () => {
    const text = await (await getApi(openRouter, '/key')).text();
    expect(text).toContain(`${TEST_API_KEY.slice(0, 12)}...${TEST_API_KEY.slice(-3)}`);
    expect(text).not.toContain(TEST_API_KEY);
  });

  test('of a key without a limit has none and none left', async () => {
    const rich = await startTestOpenRouter();
    expect(await (await getApi(rich, '/key')).json()).toMatchObject({ data: { limit: null, limit_remaining: null } });
    await rich.close();
  });
});

describe('the limit of the key', () => {
  test('lets the last cent be spent and refuses from there on, in the words of OpenRouter, journalled and free', async () => {
    await openRouter.importEntries([spent('2026-11-01T00:00:00.000Z', '9.999999999999')]);
    const last = await postChat(openRouter, chatBody());
    expect([last.status, (await last.text()).length > 0]).toEqual([200, true]);
    for (const stream of [false, true]) {
      const refused = await postChat(openRouter, chatBody({ stream, user: 'tag' }));
      expect([refused.status, refused.headers.get('x-generation-id')]).toEqual([402, null]);
      const error = { code: 402, message: expect.stringContaining('requires more credits'), metadata: { provider_name: null } };
      expect(await refused.json()).toMatchObject({ error });
      const entry = (await openRouter.journal()).entries.at(-1);
      expect(entry).toMatchObject({ httpStatus: 402, outcome: 'not_billed', costUsd: '0', model: 'openai/gpt-4o-mini', externalUser: 'tag' });
    }
  });

  test('is used up at exactly its amount', async () => {
    await openRouter.importEntries([spent('2026-11-01T00:00:00.000Z', '10')]);
    expect((await postChat(openRouter, chatBody({ model: 'openai/gpt-oss-120b:free' }))).status).toBe(402);
    expect(await jsonOf('/key')).toMatchObject({ data: { limit_remaining: 0 } });
  });
});

describe('GET /generation', () => {
  test.each(['', '?id=', '?id=gen-1&id=gen-2', '?other=gen-1'])('asks for one id when it gets "%s"', async (query) => {
    const response = await getApi(openRouter, `/generation${query}`);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 400, message: expect.stringContaining('id is required') } }]);
  });

  test("tells the account's charge from the provider's own", async () => {
    const at = '2026-11-25T01:00:00.000Z';
    await openRouter.importEntries([spent(at, '0.5', { generationId: 'gen-own', isByok: true }), spent(at, '0.5', { generationId: 'gen-theirs' })]);
    expect(await jsonOf('/generation?id=gen-own')).toMatchObject({ data: { is_byok: true, total_cost: 0, usage: 0, upstream_inference_cost: 0.5 } });
    expect(await jsonOf('/generation?id=gen-theirs')).toMatchObject({ data: { is_byok: false, total_cost: 0.5, usage: 0.5, upstream_inference_cost: 0 } });
  });

  test('knows at once, and without a cost, what was not billed', async () => {
    await openRouter.addFault({ mode: 'choice_error' });
    const chat = await postChat(openRouter, chatBody({ model: 'openai/gpt-5-mini' }));
    await chat.text();
    const [entry] = (await openRouter.journal()).entries;
    expect(await jsonOf(`/generation?id=${chat.headers.get('x-generation-id')}`)).toMatchObject({
      data: {
        total_cost: 0, finish_reason: 'error', streamed: false, cancelled: false, provider_name: entry?.provider, latency: entry?.latencyMs,
        native_tokens_completion: entry?.completionTokens, native_tokens_reasoning: entry?.reasoningTokens, created_at: now.toISOString(),
      },
    });
  });
});

describe('GET /models', () => {
  test('lists every model of the catalogue with its price, which our client reads as it stands there', async () => {
    const listed = await openRouter.client().listModels();
    expect(listed.map(({ model, promptUsd, completionUsd }) => ({ id: model, promptUsd, completionUsd }))).toEqual(
      CATALOGUE.map(({ id, promptUsd, completionUsd }) => ({ id, promptUsd, completionUsd })),
    );
  });
});
