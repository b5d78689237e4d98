import { HTTPClient, OpenRouter } from '@openrouter/sdk';
import * as errors from '@openrouter/sdk/models/errors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { startTestOpenRouter, TEST_API_KEY, TEST_MANAGEMENT_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';

/** So that no midnight falls between a call and what is read of its day. */
const NOW = new Date('2026-11-20T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();

let openRouter: TestOpenRouter;
let sdk: OpenRouter;
/** The same with a management key. */
let management: OpenRouter;

beforeAll(async () => {
  openRouter = await startTestOpenRouter({ keyLimitUsd: '50', clock: fixedClock(NOW) });
  const connect = (apiKey: string) => new OpenRouter({ apiKey, serverURL: openRouter.url, httpClient: new HTTPClient(), retryConfig: { strategy: 'none' } });
  sdk = connect(TEST_API_KEY);
  management = connect(TEST_MANAGEMENT_KEY);
});
afterEach(() => openRouter.clearFaults());
afterAll(() => openRouter.close());

const chatRequest = {
  model: 'google/gemini-2.5-flash',
  messages: [{ role: 'user' as const, content: 'Horoscope for Aries' }],
  maxTokens: 700,
};

/** One answer that is not streamed; the SDK types both alike. */
async function send(user?: string) {
  const result = await sdk.chat.send({ chatRequest: { ...chatRequest, ...(user === undefined ? {} : { user }), stream: false } });
  if (!('choices' in result)) throw new Error('a stream came');
  return result;
}

describe('the OpenRouter SDK against the stand-in', () => {
  it('sends a chat and reads its usage', async () => {
    const result = await send();
    const [entry] = (await openRouter.journal()).entries.slice(-1);
    expect(result.id).toBe(entry?.generationId);
    expect(result.choices[0]?.message.content).toContain('Aries');
    expect(result.usage).toMatchObject({
      promptTokens: entry?.promptTokens,
      completionTokens: entry?.completionTokens,
      cost: Number(entry?.costUsd),
      isByok: false,
    });
  });

  it('streams a chat to its usage', async () => {
    const stream = await sdk.chat.send({ chatRequest: { ...chatRequest, stream: true } });
    if ('choices' in stream) throw new Error('no stream came');
    let text = '';
    let cost: number | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      cost = chunk.usage?.cost ?? cost;
    }
    expect(text).toContain('Aries');
    expect(cost).toBe(Number((await openRouter.journal()).entries.at(-1)?.costUsd));
  });

  it('looks a generation up', async () => {
    const sent = await send('tag');
    const { data } = await sdk.generations.getGeneration({ id: sent.id });
    expect(data).toMatchObject({
      id: sent.id,
      model: 'google/gemini-2.5-flash',
      totalCost: sent.usage?.cost,
      isByok: false,
      externalUser: 'tag',
      streamed: false,
    });
  });

  it('does not find a generation that is not there, or not yet', async () => {
    await expect(sdk.generations.getGeneration({ id: 'gen-unknown' })).rejects.toBeInstanceOf(errors.NotFoundResponseError);
    const sent = await send();
    await openRouter.addFault({ mode: '404', target: 'generation' });
    await expect(sdk.generations.getGeneration({ id: sent.id })).rejects.toBeInstanceOf(errors.NotFoundResponseError);
    expect((await sdk.generations.getGeneration({ id: sent.id })).data.id).toBe(sent.id);
  });

  it('reads the key and what it spent', async () => {
    const { data } = await sdk.apiKeys.getCurrentKeyMetadata();
    const { totalUsd } = await openRouter.journal();
    expect(data).toMatchObject({ limit: 50, usage: Number(totalUsd), usageDaily: Number(totalUsd), isManagementKey: false });
    expect(data.limitRemaining).toBeCloseTo(50 - Number(totalUsd), 10);
  });

  it('lists and counts models, the router with its sentinel among them', async () => {
    const { result } = await sdk.models.list();
    const { data: count } = await sdk.models.count();
    expect(count.count).toBe(result.data.length);
    expect(result.data.find((model) => model.id === 'openrouter/auto')?.pricing.prompt).toBe('-1');
  });

  it('is refused the credits and the activity with an inference key', async () => {
    await expect(sdk.credits.getCredits()).rejects.toBeInstanceOf(errors.ForbiddenResponseError);
    await expect(sdk.analytics.getUserActivity()).rejects.toBeInstanceOf(errors.ForbiddenResponseError);
  });

  it('reads with a management key what the account bought and used', async () => {
    const { data } = await management.credits.getCredits();
    expect(data).toEqual({ totalCredits: 1_000, totalUsage: Number((await openRouter.journal()).totalUsd) });
    expect((await management.apiKeys.getCurrentKeyMetadata()).data.isManagementKey).toBe(true);
  });

  it('reads with a management key what each model was used on a day that is over', async () => {
    const at = inDays(-1);
    await openRouter.importEntries([{ at, costUsd: '0.25', generationId: null, model: 'openai/gpt-4o', provider: 'Azure', promptTokens: 5, completionTokens: 3, reasoningTokens: 1 }]);
    const date = at.slice(0, 10);
    const row = {
      date, model: 'openai/gpt-4o', modelPermaslug: 'openai/gpt-4o', endpointId: expect.stringMatching(/^[\da-f-]{36}$/), providerName: 'Azure', usage: 0.25,
      byokUsageInference: 0, requests: 1, promptTokens: 5, completionTokens: 3, reasoningTokens: 1,
    };
    expect((await management.analytics.getUserActivity({ date })).data).toEqual([row]);
    await expect(management.analytics.getUserActivity({ date: inDays(1).slice(0, 10) })).rejects.toBeInstanceOf(errors.BadRequestResponseError);
  });

  it.each([
    ['400', errors.BadRequestResponseError],
    ['401', errors.UnauthorizedResponseError],
    ['402', errors.PaymentRequiredResponseError],
    ['403', errors.ForbiddenResponseError],
    ['404', errors.NotFoundResponseError],
    ['408', errors.RequestTimeoutResponseError],
    ['429', errors.TooManyRequestsResponseError],
    ['500', errors.InternalServerResponseError],
    ['502', errors.BadGatewayResponseError],
    ['503', errors.ServiceUnavailableResponseError],
    ['524', errors.EdgeNetworkTimeoutResponseError],
    ['529', errors.ProviderOverloadedResponseError],
  ] as const)('throws the class of status %s', async (mode, errorClass) => {
    await openRouter.addFault({ mode });
    await expect(send()).rejects.toBeInstanceOf(errorClass);
  });
});
