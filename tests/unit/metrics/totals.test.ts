import { expect, test } from 'vitest';
import { MODEL, renderSamples, sampleMetrics } from './sample-metrics.ts';

const labels = { operation: 'tarot_card', model: MODEL };
const ended = { ...labels, status: 'settled', durationMs: 5, usage: { promptTokens: 100, completionTokens: 40 }, costUsd: '0.000000000002', costSource: 'billed' } as const;
const tokens = (type: string) => `adtrobot_ai_tokens_total{operation="tarot_card",model="${MODEL}",token_type="${type}"}`;

test('the totals of generations are exact over all labels, the one for strangers included', () => {
  const { ai } = sampleMetrics();
  expect(ai.totals()).toEqual({ generations: 0, promptTokens: 0, completionTokens: 0, costUsd: '0.000000000000' });
  ai.recordGeneration(ended);
  ai.recordGeneration({ ...ended, operation: 'horoscope', model: 'some/other', costUsd: '0.1' });
  ai.recordGeneration({ ...ended, status: 'unknown', usage: null, costUsd: null, costSource: 'none' });
  expect(ai.totals()).toEqual({ generations: 3, promptTokens: 200, completionTokens: 80, costUsd: '0.100000000002' });
});

test('tokens that become known late are added; when fewer were used than told, the sum falls at once and the counter waits for it', async () => {
  const metrics = sampleMetrics();
  metrics.ai.recordGeneration(ended);
  metrics.ai.recordResolvedCost({ ...labels, deltaUsd: '0.5', deltaPromptTokens: 7, deltaCompletionTokens: -30 });
  expect(metrics.ai.totals()).toEqual({ generations: 1, promptTokens: 107, completionTokens: 10, costUsd: '0.500000000002' });
  const shown = await renderSamples(metrics);
  expect([shown.get(tokens('prompt')), shown.get(tokens('completion'))]).toEqual(['107', '10']);
});

test('the counter of tokens never falls below what it has shown', async () => {
  const metrics = sampleMetrics();
  metrics.ai.recordGeneration(ended);
  expect((await renderSamples(metrics)).get(tokens('completion'))).toBe('40');
  metrics.ai.recordResolvedCost({ ...labels, deltaUsd: '0', deltaPromptTokens: 0, deltaCompletionTokens: -30 });
  // A rendering is served again for a second.
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect((await renderSamples(metrics)).get(tokens('completion'))).toBe('40');
  expect(metrics.ai.totals().completionTokens).toBe(10);
});

test('the totals of updates leave out those from nobody that we know, which the counter has', async () => {
  const metrics = sampleMetrics();
  const update = { handler: 'tarot', outcome: 'failed', errorType: 'internal', durationMs: 1, updateAgeMs: 1 } as const;
  metrics.bot.recordUpdate(update);
  metrics.bot.recordUpdate({ ...update, outcome: 'ok', errorType: null, isRecorded: true });
  metrics.bot.recordUpdate({ ...update, isRecorded: false });
  expect(metrics.bot.totals()).toEqual({ updates: 2, failedUpdates: 1 });
  expect((await renderSamples(metrics)).get('adtrobot_bot_updates_total{handler="tarot",outcome="failed"}')).toBe('2');
});
