import { describe, expect, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { sumUsd } from '#server/lib/money.ts';
import { createPastLlm, type PastRequest } from '#server/sandbox/history/past-llm.ts';
import { JournalEntry, NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { startTestOpenRouter } from '#tests/support/openrouter.ts';
import { getApi, postChat } from '#tests/support/openrouter-wire.ts';

const START = new Date('2026-10-01T08:00:00.000Z');

const ask = (index: number, model = 'openai/gpt-5-mini'): PastRequest => ({
  model,
  prompt: { system: 'Answer in English.', user: `Horoscope ${index} for Leo`, completionTokensMax: 1_500 },
  userTag: `tag-${index % 7}`,
});

/** A past in which one call was made each minute. */
function callEachMinute(count: number, seed = 1, model?: string) {
  const billed: NewJournalEntry[] = [];
  let now = START;
  const past = createPastLlm({ seed, at: () => now, onBilled: (entry) => billed.push(entry) });
  const outcomes = Array.from({ length: count }, (_, index) => {
    now = new Date(START.getTime() + index * 60_000);
    return past.generate(ask(index, model));
  });
  return { billed, outcomes, answered: outcomes.filter((outcome) => outcome.kind === 'answered'), failed: outcomes.filter((outcome) => outcome.kind === 'failed') };
}

const withoutId = ({ outcomes }: ReturnType<typeof callEachMinute>) => outcomes.map(({ generationId: _id, ...outcome }) => outcome);

describe('the model of the past', () => {
  test('says, bills and takes exactly what the stand-in would have', async () => {
    const standIn = await startTestOpenRouter({ seed: 7, clock: fixedClock(START) });
    const { outcomes, billed } = callEachMinute(1, 7);
    const { prompt, model, userTag } = ask(0);
    const messages = [{ role: 'system', content: prompt.system }, { role: 'user', content: prompt.user }];
    const live = await postChat(standIn, JSON.stringify({ model, messages, max_tokens: prompt.completionTokensMax, user: userTag }));
    const body: unknown = await live.json();
    const [entry] = (await standIn.journal()).entries;
    await standIn.close();
    expect(body).toMatchObject({ choices: [{ message: { content: outcomes[0]?.kind === 'answered' ? outcomes[0].text : null } }] });
    const { sequence: _sequence, generationId: _id, ...truth } = JournalEntry.parse(entry);
    expect(NewJournalEntry.parse(billed[0])).toMatchObject(truth);
    expect(outcomes[0]?.durationMs).toBe(truth.latencyMs + truth.generationTimeMs);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(withoutId(callEachMinute(60))).toEqual(withoutId(callEachMinute(60)));
    expect(withoutId(callEachMinute(60, 2))).not.toEqual(withoutId(callEachMinute(60)));
  });

  test('fails now and then, about once in fifty calls, as an overloaded provider does and for nothing', () => {
    const { failed, billed, answered } = callEachMinute(2_000);
    expect(failed.length).toBeGreaterThan(20);
    expect(failed.length).toBeLessThan(70);
    for (const outcome of failed) {
      expect(outcome).toMatchObject({ errorType: 'provider_error', httpStatus: 503, wasBilled: 'no', generationId: null, usage: null, bill: null });
      expect(outcome.durationMs).toBeGreaterThan(0);
    }
    expect(billed).toHaveLength(answered.length);
  });

  test('tells of each answer once, with its own id, tokens and price, at the time of the call', () => {
    const { answered, billed } = callEachMinute(300);
    expect(billed.map((entry) => entry.generationId)).toEqual(answered.map((outcome) => outcome.generationId));
    expect(sumUsd(billed.map((entry) => entry.costUsd))).toBe(sumUsd(answered.map((outcome) => outcome.bill.costUsd)));
    for (const [index, outcome] of answered.entries()) {
      const { promptTokens, completionTokens, reasoningTokens, at } = NewJournalEntry.parse(billed[index]);
      expect(outcome.usage).toEqual({ promptTokens, completionTokens, reasoningTokens, cachedPromptTokens: 0 });
      expect(outcome.generationId).toMatch(new RegExp(`^gen-${Math.floor(Date.parse(at) / 1_000)}-`));
    }
    expect(new Set(billed.map((entry) => entry.generationId)).size).toBe(billed.length);
  });

  test('lets the default model serve a name that is not in the catalogue', () => {
    const { answered, billed } = callEachMinute(3, 1, 'acme/retired');
    expect(new Set([...answered.map((outcome) => outcome.responseModel), ...billed.map((entry) => entry.model)])).toEqual(new Set(['openai/gpt-4o-mini']));
  });

  test('leaves a past that the stand-in takes over to the last digit', async () => {
    const { billed, answered } = callEachMinute(120);
    const standIn = await startTestOpenRouter();
    await standIn.importEntries(billed);
    const { totalUsd, entries } = await standIn.journal();
    const found = await getApi(standIn, `/generation?id=${answered[100]?.generationId}`);
    await standIn.close();
    expect(totalUsd).toBe(sumUsd(answered.map((outcome) => outcome.bill.costUsd)));
    expect(entries).toHaveLength(billed.length);
    expect(await found.json()).toMatchObject({ data: { total_cost: Number(answered[100]?.bill.costUsd) } });
  });

  test('fails the same calls whoever of several people makes them, if they share what was asked', () => {
    const failures = (laneCount: number) => {
      const askedCounts = new Map<string, number>();
      const lanes = Array.from({ length: laneCount }, () => createPastLlm({ seed: 1, askedCounts, at: () => START, onBilled: () => undefined }));
      return Array.from({ length: 400 }, (_, index) => lanes[index % laneCount]?.generate(ask(0)).kind);
    };
    expect(failures(3)).toEqual(failures(1));
    expect(failures(1)).toContain('failed');
  });
});
