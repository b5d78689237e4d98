import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, postChat, readStream, type ReadStream } from '#tests/support/openrouter-wire.ts';

let openRouter: TestOpenRouter;
beforeAll(async () => {
  openRouter = await startTestOpenRouter();
});
afterEach(() => openRouter.clearFaults());
afterAll(() => openRouter.close());

const streamOf = async (from = openRouter): Promise<ReadStream> => readStream(await postChat(from, chatBody({ stream: true })));
const entryOf = async (stream: ReadStream) => (await openRouter.journal()).entries.find((entry) => entry.generationId === stream.chunks[0]?.id);
const finishReasons = ({ chunks }: ReadStream) => chunks.map(({ choices }) => choices[0]?.finish_reason).filter((reason) => typeof reason === 'string');

describe('a stream', () => {
  test('comes as server-sent events: a comment, the text, the reason of its end, the usage, the last word', async () => {
    const response = await postChat(openRouter, chatBody({ stream: true }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const stream = await readStream(response);
    expect(stream).toMatchObject({ comments: [': OPENROUTER PROCESSING'], isDone: true, isBroken: false });
    const whole = await postChat(openRouter, chatBody());
    expect(await whole.json()).toMatchObject({ choices: [{ message: { content: stream.text }, finish_reason: 'stop' }] });
    expect(finishReasons(stream)).toEqual(['stop']);
    expect(stream.chunks.findIndex(({ choices }) => choices[0]?.finish_reason === 'stop')).toBe(stream.chunks.length - 2);
    expect(stream.chunks.filter(({ usage }) => usage !== undefined)).toEqual(stream.chunks.slice(-1));
    expect(new Set(stream.chunks.map(({ id }) => id))).toEqual(new Set([response.headers.get('x-generation-id')]));
  });

  test('tells in its usage what the journal has of it', async () => {
    const stream = await streamOf();
    const entry = await entryOf(stream);
    expect(stream.chunks.at(-1)?.usage).toMatchObject({
      prompt_tokens: entry?.promptTokens, completion_tokens: entry?.completionTokens, cost: Number(entry?.costUsd),
    });
    expect(entry).toMatchObject({ isStreamed: true, isCancelled: false, outcome: 'billed', finishReason: 'stop' });
  });

  test.each([
    ['2026-11-24T10:00:00.000Z', []],
    ['2026-11-24T10:00:01.000Z', [{ delta: { content: '' }, finish_reason: null }]],
  ])('brings its usage without a choice or with an empty one, both of which occur: at %s', async (at, choices) => {
    const other = await startTestOpenRouter({ clock: fixedClock(new Date(at)) });
    const stream = await streamOf(other);
    await other.close();
    expect(stream.chunks.at(-1)).toMatchObject({ choices, usage: { is_byok: false } });
    expect(stream.chunks.at(-1)?.choices).toHaveLength(choices.length);
  });

  test('is not split within a character, and lasts as long as its generation takes', async () => {
    const slow = await startTestOpenRouter({ latencyScale: 0.02 });
    const startedAt = performance.now();
    const messages = [{ role: 'user', content: 'Гороскоп для Льва' }];
    const stream = await readStream(await postChat(slow, chatBody({ messages, stream: true })));
    const durationMs = performance.now() - startedAt;
    const [entry] = (await slow.journal()).entries;
    await slow.close();
    expect(stream.text).toMatch(/Льв|Лев/);
    expect(stream.text).not.toContain('\uFFFD');
    expect(Math.max(...stream.chunks.map(({ choices }) => (choices[0]?.delta.content ?? '').length))).toBeLessThanOrEqual(24);
    expect(durationMs).toBeGreaterThanOrEqual(((entry?.latencyMs ?? Infinity) + (entry?.generationTimeMs ?? Infinity)) * 0.02 - 5);
  });
});

describe('a stream under a fault', () => {
  test('that breaks in the middle holds half of the text, then an error, and no last word', async () => {
    await openRouter.addFault({ mode: 'midstream_error' });
    const stream = await streamOf();
    const { text } = await streamOf();
    expect(stream).toMatchObject({ isDone: false, isBroken: false });
    expect(stream.chunks.at(-1)).toMatchObject({ error: { code: 502 }, choices: [{ finish_reason: 'error' }] });
    expect(stream.chunks.some(({ usage }) => usage !== undefined)).toBe(false);
    expect(text.startsWith(stream.text)).toBe(true);
    expect(stream.text.length / text.length).toBeCloseTo(0.5, 1);
    expect(await entryOf(stream)).toMatchObject({ outcome: 'not_billed', costUsd: '0', finishReason: 'error' });
  });

  test.each(['cut_stream', 'truncated_json', 'destroy_after_headers'] as const)('ends early under %s, and is billed', async (mode) => {
    await openRouter.addFault({ mode });
    const stream = await streamOf();
    expect(stream).toMatchObject({ isDone: false, isBroken: mode === 'destroy_after_headers' });
    expect(finishReasons(stream)).toEqual([]);
    expect(stream.chunks.length).toBeGreaterThan(1);
    expect(await entryOf(stream)).toMatchObject({ outcome: 'billed' });
  });

  test.each([
    ['stall_after_headers', 'not_billed'],
    ['bill_then_hang', 'billed'],
  ] as const)('falls silent under %s until the client gives up, and is %s', async (mode, outcome) => {
    await openRouter.addFault({ mode });
    const before = (await openRouter.journal()).entries.length;
    const client = new AbortController();
    const reading = readStream(await postChat(openRouter, chatBody({ stream: true }), client.signal));
    await expect.poll(async () => (await openRouter.journal(before)).entries).toMatchObject([{ outcome, isStreamed: true }]);
    client.abort();
    const stream = await reading;
    expect(stream).toMatchObject({ isDone: false, isBroken: true });
    expect(stream.text).not.toBe('');
    expect(await entryOf(stream)).toMatchObject({ outcome });
  });

  test('that is nothing but an error has no text, and one that ran into an error has half of it', async () => {
    await openRouter.addFault({ mode: 'error_in_200' });
    const nothing = await streamOf();
    expect([nothing.text, nothing.chunks.length, nothing.chunks[0]?.error?.code]).toEqual(['', 1, 502]);
    await openRouter.addFault({ mode: 'choice_error' });
    const half = await streamOf();
    expect(half.text).not.toBe('');
    expect(half.chunks.at(-1)?.error?.code).toBe(502);
    for (const stream of [nothing, half]) expect(await entryOf(stream)).toMatchObject({ outcome: 'not_billed' });
  });

  test.each([
    ['empty_choices', 'not_billed', { cost: 0 }],
    ['empty_content', 'billed', { cost: expect.any(Number) }],
    ['byok', 'billed', { cost: 0, is_byok: true }],
    ['negative_usage', 'billed', { completion_tokens: expect.toSatisfy((count: number) => count < 0) }],
    ['string_usage', 'billed', { cost: expect.any(String) }],
    ['null_usage', 'billed', { cost: null, prompt_tokens: null }],
  ] as const)('has under %s the usage that a whole answer has, and is %s', async (mode, outcome, usage) => {
    await openRouter.addFault({ mode });
    const stream = await streamOf();
    expect(stream.isDone).toBe(true);
    expect(stream.chunks.at(-1)?.usage).toMatchObject(usage);
    expect(stream.text === '').toBe(mode.startsWith('empty'));
    expect(await entryOf(stream)).toMatchObject({ outcome, isByok: mode === 'byok' });
  });

  test('without usage ends with the reason of its end', async () => {
    await openRouter.addFault({ mode: 'missing_usage' });
    const stream = await streamOf();
    expect(stream.isDone).toBe(true);
    expect(stream.chunks.some(({ usage }) => usage !== undefined)).toBe(false);
    expect(stream.chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });
});
