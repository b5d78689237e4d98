import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLlmClient, type LlmRequestEvent } from '#server/ai/create-llm-client.ts';
import type { LlmOutcome } from '#server/ai/types.ts';
import { AppError } from '#server/errors.ts';
import { sumUsd } from '#server/lib/money.ts';
import type { Fault } from '#server/sandbox/openrouter/fault-queue.ts';
import { buildLlmRequest, startTestOpenRouter, TEST_API_KEY, type TestOpenRouter } from '#tests/support/openrouter.ts';

const SHORT_TIMEOUT_MS = 500;
let openRouter: TestOpenRouter;
let events: LlmRequestEvent[] = [];

beforeAll(async () => {
  openRouter = await startTestOpenRouter({ keyLimitUsd: '100' });
});
afterEach(async () => {
  await openRouter.clearFaults();
  events = [];
});
afterAll(() => openRouter.close());

const client = () => openRouter.client({ timeoutMs: SHORT_TIMEOUT_MS, onRequest: (event) => events.push(event) });

/** One generation under a fault, with what the stand-in says really happened. */
async function generateUnder(
  mode: Fault['mode'],
): Promise<{ outcome: LlmOutcome; truth: { outcome: string; costUsd: string; generationId: string | null } }> {
  const before = (await openRouter.journal()).entries.length;
  await openRouter.addFault({ mode });
  const outcome = await client().generate(buildLlmRequest());
  const { entries } = await openRouter.journal(before);
  const [truth] = entries;
  expect(entries).toHaveLength(1);
  if (!truth) throw new Error('nothing was journalled');
  return { outcome, truth };
}

describe('generate', () => {
  it('gives the text, the usage and exactly what was billed', async () => {
    const outcome = await client().generate(buildLlmRequest());
    const [entry] = (await openRouter.journal()).entries.slice(-1);
    expect(outcome).toMatchObject({
      kind: 'answered',
      generationId: entry?.generationId,
      responseModel: 'openai/gpt-4o-mini',
      provider: entry?.provider,
      finishReason: 'stop',
      usage: { promptTokens: entry?.promptTokens, completionTokens: entry?.completionTokens, cachedPromptTokens: 0, reasoningTokens: 0 },
      bill: { costUsd: entry?.costUsd, isByok: false },
    });
    expect(entry?.externalUser).toBe('tag-of-a-user');
    expect(events).toEqual([{ endpoint: 'chat_completions', outcome: 'ok', durationMs: outcome.durationMs }]);
  });

  it('agrees with the journal to the last digit over many calls and models', async () => {
    const before = (await openRouter.journal()).entries.length;
    const models = ['openai/gpt-oss-20b', 'qwen/qwen-turbo', 'openai/gpt-5-nano', 'anthropic/claude-opus-4.5'];
    const calls = Array.from({ length: 40 }, (_, index) =>
      openRouter.client().generate(
        buildLlmRequest({
          model: models[index % models.length] ?? '',
          prompt: { system: 'Answer in English.', user: `Horoscope ${index} for Aries`, completionTokensMax: 1_500 },
        }),
      ),
    );
    const outcomes = await Promise.all(calls);
    const { entries } = await openRouter.journal(before);
    expect(entries).toHaveLength(40);
    expect(sumUsd(outcomes.map((outcome) => outcome.bill?.costUsd ?? 'missing'))).toBe(sumUsd(entries.map((entry) => entry.costUsd)));
  });

  it('sends its limit, and says that an answer was cut there', async () => {
    const prompt = { system: 'Answer in English.', user: 'Horoscope for Leo', completionTokensMax: 8 };
    const outcome = await client().generate(buildLlmRequest({ prompt }));
    expect(outcome).toMatchObject({ kind: 'answered', finishReason: 'length', usage: { completionTokens: 8 } });
  });

  it.each([
    ['400', 'bad_request', 400],
    ['401', 'unauthorized', 401],
    ['402', 'payment_required', 402],
    ['403', 'forbidden', 403],
    ['404', 'not_found', 404],
    ['408', 'timeout', 408],
    ['429', 'rate_limited', 429],
    ['500', 'provider_error', 500],
    ['502', 'provider_error', 502],
    ['503', 'provider_error', 503],
    ['524', 'timeout', 524],
    ['529', 'provider_error', 529],
  ] as const)('calls status %s a failure that cost nothing', async (mode, errorType, httpStatus) => {
    const { outcome, truth } = await generateUnder(mode);
    expect(outcome).toMatchObject({ kind: 'failed', errorType, httpStatus, wasBilled: 'no', bill: null, usage: null });
    expect(truth.outcome).toBe('not_billed');
    expect(events).toEqual([{ endpoint: 'chat_completions', outcome: errorType, durationMs: outcome.durationMs }]);
  });

  it('sends each attempt once, also when told to come back later', async () => {
    await openRouter.addFault({ mode: '429', retryAfterSeconds: 0 });
    const before = (await openRouter.journal()).entries.length;
    expect(await client().generate(buildLlmRequest())).toMatchObject({ errorType: 'rate_limited' });
    expect((await openRouter.journal(before)).entries).toHaveLength(1);
  });

  it.each([
    ['html200', 'invalid_response', 200, 'unknown'],
    ['html502', 'provider_error', 502, 'unknown'],
    ['truncated_json', 'invalid_response', 200, 'unknown'],
    ['cut_stream', 'invalid_response', 200, 'unknown'],
    ['error_in_200', 'error_in_body', 200, 'no'],
    ['choice_error', 'error_in_body', 200, 'no'],
    ['midstream_error', 'error_in_body', 200, 'no'],
    ['empty_choices', 'empty_response', 200, 'no'],
    ['empty_content', 'empty_response', 200, 'yes'],
    ['hang_before_headers', 'timeout', null, 'unknown'],
    ['stall_after_headers', 'timeout', 200, 'unknown'],
    ['bill_then_hang', 'timeout', 200, 'unknown'],
    ['destroy_before_headers', 'connection', null, 'unknown'],
    ['destroy_after_headers', 'connection', 200, 'unknown'],
  ] as const)('ends %s as a %s that never contradicts the journal', async (mode, errorType, httpStatus, wasBilled) => {
    const { outcome, truth } = await generateUnder(mode);
    expect(outcome).toMatchObject({ kind: 'failed', errorType, httpStatus, wasBilled });
    if (wasBilled === 'no') expect(truth.outcome).toBe('not_billed');
    if (wasBilled === 'yes') expect(outcome.bill?.costUsd).toBe(truth.costUsd);
    // Whatever was billed can be looked up: its id came with the headers.
    if (truth.outcome === 'billed') expect(outcome.generationId).toBe(truth.generationId);
  });

  it("counts a charge of one's own provider once, beside the fee", async () => {
    const { outcome, truth } = await generateUnder('byok');
    expect(outcome).toMatchObject({ kind: 'answered', bill: { costUsd: truth.costUsd, isByok: true } });
  });

  it.each([
    ['missing_usage', null],
    ['missing_cost', { costUsd: null, isByok: false }],
    ['negative_usage', { costUsd: null, isByok: false }],
    ['string_usage', { costUsd: null, isByok: false }],
    ['huge_usage', { costUsd: null, isByok: false }],
    ['null_usage', { costUsd: null, isByok: false }],
  ] as const)('delivers the text under %s and makes up no number', async (mode, bill) => {
    const { outcome } = await generateUnder(mode);
    expect(outcome).toMatchObject({ kind: 'answered', bill });
    if (mode !== 'missing_cost') expect(outcome.usage).toBeNull();
    if (['negative_usage', 'string_usage', 'huge_usage'].includes(mode)) expect(outcome.usageProblem).toContain('cost is not an amount');
  });

  it('waits for a slow answer within its time', async () => {
    await openRouter.addFault({ mode: 'slow', delayMs: 150 });
    const outcome = await client().generate(buildLlmRequest());
    expect(outcome.kind).toBe('answered');
    expect(outcome.durationMs).toBeGreaterThanOrEqual(145);
  });

  it('gives up at its deadline, and not before', async () => {
    const { outcome } = await generateUnder('hang_before_headers');
    expect(outcome.durationMs).toBeGreaterThanOrEqual(SHORT_TIMEOUT_MS - 5);
    expect(outcome.durationMs).toBeLessThan(SHORT_TIMEOUT_MS * 3);
  });

  it('knows that a refused connection cost nothing', async () => {
    const outcome = await createLlmClient({ baseUrl: `http://127.0.0.1:${await findClosedPort()}/api/v1`, apiKey: TEST_API_KEY }).generate(
      buildLlmRequest(),
    );
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'connection', wasBilled: 'no', httpStatus: null });
  });

  it.each(['hang_before_headers', 'stall_after_headers'] as const)(
    'stops when told to under %s, and does not claim that it was free',
    async (mode) => {
      await openRouter.addFault({ mode });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      expect(await client().generate(buildLlmRequest(), controller.signal)).toMatchObject({
        kind: 'failed',
        errorType: 'interrupted',
        wasBilled: 'unknown',
      });
    },
  );

  it('sends nothing when it was stopped before', async () => {
    const before = (await openRouter.journal()).entries.length;
    expect(await client().generate(buildLlmRequest(), AbortSignal.abort())).toMatchObject({ errorType: 'interrupted', wasBilled: 'no' });
    expect((await openRouter.journal(before)).entries).toHaveLength(0);
  });

  it('refuses a model that does not exist as a bad request', async () => {
    const outcome = await client().generate(buildLlmRequest({ model: 'acme/x' }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      errorType: 'bad_request',
      detail: expect.stringContaining('acme/x is not a valid model ID'),
    });
  });
});

describe('listModels', () => {
  it('lists real prices and no dynamic ones', async () => {
    const models = await client().listModels();
    expect(models).toContainEqual({
      model: 'openai/gpt-4o-mini',
      promptUsd: '0.00000015',
      completionUsd: '0.0000006',
      requestUsd: '0',
      cachedPromptUsd: null,
    });
    expect(models.map((model) => model.model)).not.toContain('openrouter/auto');
    expect(events).toMatchObject([{ endpoint: 'models', outcome: 'ok' }]);
  });

  it.each(['500', 'html200', 'destroy_before_headers', 'hang_before_headers'] as const)(
    'rejects under %s with words that hold no secret',
    async (mode) => {
      await openRouter.addFault({ mode, target: 'models' });
      const error = await client()
        .listModels()
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'unavailable', message: 'OpenRouter cannot be asked for its prices now.' });
      expect(events).toHaveLength(1);
      expect(events[0]?.outcome).not.toBe('ok');
    },
  );
});

describe('getKey', () => {
  it("tells what is left under the key's limit", async () => {
    const { limitRemainingUsd } = await client().getKey();
    expect(limitRemainingUsd).toBeGreaterThan(99);
    expect(limitRemainingUsd).toBeLessThanOrEqual(100);
  });

  it('knows a refused key from a service that is down', async () => {
    await expect(openRouter.client({ apiKey: 'sk-or-v1-revoked-1' }).getKey()).rejects.toMatchObject({ code: 'unauthenticated' });
    await openRouter.addFault({ mode: '403', target: 'key' });
    await expect(client().getKey()).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const mode of ['500', '429', 'html200', 'destroy_before_headers'] as const) {
      await openRouter.addFault({ mode, target: 'key' });
      await expect(client().getKey()).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('stops when told to', async () => {
    await openRouter.addFault({ mode: 'hang_before_headers', target: 'key' });
    const startedAt = performance.now();
    await expect(client().getKey(AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(SHORT_TIMEOUT_MS);
  });
});

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 1;
}
