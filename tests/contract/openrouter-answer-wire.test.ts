import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Fault } from '#server/sandbox/openrouter/fault-queue.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, postChat, readUntilBreak } from '#tests/support/openrouter-wire.ts';

let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter();
});
afterEach(() => openRouter.clearFaults());
afterAll(() => openRouter.close());

const Usage = z.looseObject({ prompt_tokens: z.number(), completion_tokens: z.number(), total_tokens: z.number(), cost: z.number() });
const Answer = z.looseObject({
  id: z.string(),
  choices: z.array(z.looseObject({ finish_reason: z.string(), message: z.looseObject({ content: z.string() }) })),
  usage: Usage,
});

/** The undisturbed answer to the request of these tests. */
const wholeAnswer = async (from = openRouter) => Answer.parse(await (await postChat(from, chatBody())).json());

async function answerUnder(mode: Fault['mode']) {
  await openRouter.addFault({ mode });
  const response = await postChat(openRouter, chatBody());
  const { text, isBroken } = await readUntilBreak(response);
  return { response, text, isBroken, entry: (await openRouter.journal()).entries.at(-1) };
}

describe('an answer', () => {
  test('begins with white space, as of a model that still works, and names its generation in a header', async () => {
    const response = await postChat(openRouter, chatBody());
    const text = await response.text();
    expect(text).toMatch(/^\n +\n\{/);
    expect(response.headers.get('x-generation-id')).toBe(Answer.parse(JSON.parse(text)).id);
    expect(response.headers.get('access-control-expose-headers')).toContain('X-Generation-Id');
    for (const header of ['x-powered-by', 'etag', 'retry-after', 'x-ratelimit-remaining', 'x-request-id']) expect(response.headers.get(header)).toBeNull();
  });

  test('is the same from every stand-in of the seed but for its id, and another from another seed', async () => {
    const twin = await startTestOpenRouter();
    const stranger = await startTestOpenRouter({ seed: 2 });
    const [own, same, other] = await Promise.all([openRouter, twin, stranger].map(wholeAnswer));
    await Promise.all([twin.close(), stranger.close()]);
    expect([same?.choices, same?.usage]).toEqual([own?.choices, own?.usage]);
    expect(same?.id).not.toBe(own?.id);
    expect(other?.choices).not.toEqual(own?.choices);
  });

  test('takes as long as its generation does, at the scale of the stand-in', async () => {
    const slow = await startTestOpenRouter({ latencyScale: 0.05 });
    const startedAt = performance.now();
    await wholeAnswer(slow);
    const durationMs = performance.now() - startedAt;
    const [entry] = (await slow.journal()).entries;
    await slow.close();
    expect(durationMs).toBeGreaterThanOrEqual(((entry?.latencyMs ?? Infinity) + (entry?.generationTimeMs ?? Infinity)) * 0.05 - 5);
  });

  test('of a client that went away is billed in full', async () => {
    const slow = await startTestOpenRouter({ latencyScale: 0.05 });
    const client = new AbortController();
    const response = await postChat(slow, chatBody(), client.signal);
    client.abort();
    await expect.poll(async () => (await slow.journal()).entries, { timeout: 10_000 }).toMatchObject([{ isCancelled: true, outcome: 'billed' }]);
    const [entry] = (await slow.journal()).entries;
    await slow.close();
    const { usage } = await wholeAnswer();
    expect(entry).toMatchObject({ generationId: response.headers.get('x-generation-id'), isStreamed: false, completionTokens: usage.completion_tokens });
    expect(Number(entry?.costUsd)).toBe(usage.cost);
  });
});

describe('what an answer says under a fault', () => {
  const anyNumber = expect.any(Number);

  test.each([
    ['error_in_200', 'not_billed', { error: { code: 502, message: 'Provider returned error', metadata: { error_type: 'provider_unavailable' } } }],
    ['empty_choices', 'not_billed', { choices: [], usage: { cost: 0, cost_details: { upstream_inference_cost: 0 } } }],
    ['empty_content', 'billed', { choices: [{ finish_reason: 'length', message: { content: '' } }], usage: { cost: anyNumber } }],
    ['byok', 'billed', { usage: { cost: 0, is_byok: true, cost_details: { upstream_inference_cost: anyNumber } } }],
    ['string_usage', 'billed', { usage: { prompt_tokens: expect.stringMatching(/^\d+$/), cost: expect.any(String) } }],
    ['huge_usage', 'billed', { usage: { prompt_tokens: 1e308, completion_tokens: 1e308, cost: 1e308 } }],
    ['null_usage', 'billed', { usage: { prompt_tokens: null, completion_tokens: null, cost: null, cost_details: null } }],
  ] as const)('is, under %s (%s), what was seen of real providers', async (mode, outcome, body) => {
    const { response, text, entry } = await answerUnder(mode);
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject(body);
    expect(entry).toMatchObject({ outcome, isByok: mode === 'byok', generationId: response.headers.get('x-generation-id') });
    expect(entry?.costUsd === '0').toBe(outcome === 'not_billed');
  });

  test('breaks off with the provider, and gives half of the text for nothing', async () => {
    const { choices, usage } = await wholeAnswer();
    for (const mode of ['choice_error', 'midstream_error'] as const) {
      const { text, entry } = await answerUnder(mode);
      const half = Answer.parse(JSON.parse(text));
      const content = half.choices[0]?.message.content ?? '';
      expect(half.choices[0]).toMatchObject({ finish_reason: 'error', error: { code: 502 } });
      expect(half.usage).toMatchObject({ cost: 0, completion_tokens: usage.completion_tokens });
      expect(choices[0]?.message.content.startsWith(content) && content.length > 0).toBe(true);
      expect(entry).toMatchObject({ outcome: 'not_billed', costUsd: '0', finishReason: 'error' });
    }
  });

  test('lacks its usage, or only what it cost, and is billed all the same', async () => {
    const { usage } = await wholeAnswer();
    const none = await answerUnder('missing_usage');
    expect(Object.keys(JSON.parse(none.text))).not.toContain('usage');
    const unpriced = await answerUnder('missing_cost');
    expect(JSON.parse(unpriced.text)).toMatchObject({ usage: { total_tokens: usage.total_tokens } });
    expect(unpriced.text).not.toContain('cost');
    for (const { entry } of [none, unpriced]) expect(Number(entry?.costUsd)).toBe(usage.cost);
  });

  test('has counts and a cost below zero', async () => {
    const { usage } = await wholeAnswer();
    const { text, entry } = await answerUnder('negative_usage');
    expect(JSON.parse(text)).toMatchObject({ usage: { prompt_tokens: -usage.prompt_tokens, completion_tokens: -usage.completion_tokens, cost: -usage.cost } });
    expect(Number(entry?.costUsd)).toBe(usage.cost);
  });

  test('stops in the middle of its JSON, with the connection whole or broken, and is billed', async () => {
    for (const mode of ['truncated_json', 'cut_stream', 'destroy_after_headers'] as const) {
      const { text, isBroken, entry } = await answerUnder(mode);
      expect(isBroken).toBe(mode === 'destroy_after_headers');
      expect(text.trim()).toMatch(/^\{"id":"gen-/);
      expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
      expect(entry).toMatchObject({ outcome: 'billed' });
    }
  });
});
