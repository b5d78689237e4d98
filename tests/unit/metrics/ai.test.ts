import Big from 'big.js';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createAiMetrics, type EndedGeneration } from '#server/metrics/ai.ts';
import { ExactSums } from '#server/metrics/exact-sum.ts';
import { MODEL, parseSamples } from './sample-metrics.ts';

const settled = (overrides: Partial<EndedGeneration> = {}): EndedGeneration => ({
  operation: 'tarot_card',
  model: MODEL,
  status: 'settled',
  durationMs: 1_500,
  usage: { promptTokens: 120, completionTokens: 80 },
  costUsd: '0.000123456789',
  costSource: 'billed',
  ...overrides,
});

function createOnRegistry(nowMs: () => number = () => 0) {
  const registry = new Registry();
  const ai = createAiMetrics(registry, [MODEL], nowMs);
  return { ai, samples: async () => parseSamples(await registry.metrics()) };
}

const COST = `adtrobot_ai_cost_dollars_total{operation="tarot_card",model="${MODEL}"}`;

describe('createAiMetrics', () => {
  it('shows the exact decimal sum of costs, where floats would drift', async () => {
    const { ai, samples } = createOnRegistry();
    for (let index = 0; index < 10_000; index += 1) ai.recordGeneration(settled({ costUsd: '0.100000000001' }));
    expect(ai.costUsd('tarot_card', MODEL)).toBe('1000.000000010000');
    expect((await samples()).get(COST)).toBe('1000.00000001');
  });

  it('prints a cost that is exact to 12 decimal places for any ledger under 1,000 dollars', async () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 10n }).map((picoDollars) => new Big(picoDollars.toString()).div('1e12').toFixed(12));
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 100 }), async (costs) => {
        const { ai, samples } = createOnRegistry();
        for (const costUsd of costs) ai.recordGeneration(settled({ costUsd }));
        const expected = costs.reduce((sum, cost) => sum.plus(cost), new Big(0)).toFixed(12);
        expect(new Big((await samples()).get(COST) ?? 'absent').toFixed(12)).toBe(expected);
        expect(ai.costUsd('tarot_card', MODEL)).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('counts a generation, its tokens, its duration and where its cost comes from', async () => {
    const { ai, samples } = createOnRegistry();
    ai.recordGeneration(settled());
    ai.recordGeneration(settled({ status: 'void', usage: null, costUsd: null, costSource: 'none', model: 'vendor/unlisted' }));
    const found = await samples();
    const labels = `operation="tarot_card",model="${MODEL}"`;
    expect(found.get(`adtrobot_ai_requests_total{${labels},status="settled"}`)).toBe('1');
    expect(found.get('adtrobot_ai_requests_total{operation="tarot_card",model="other",status="void"}')).toBe('1');
    expect(found.get(`adtrobot_ai_tokens_total{${labels},token_type="prompt"}`)).toBe('120');
    expect(found.get(`adtrobot_ai_tokens_total{${labels},token_type="completion"}`)).toBe('80');
    expect(found.get(`adtrobot_ai_request_duration_seconds_sum{${labels}}`)).toBe('1.5');
    expect(found.get('adtrobot_ai_cost_source_total{source="billed"}')).toBe('1');
    expect(found.get('adtrobot_ai_cost_source_total{source="none"}')).toBe('1');
    expect(found.has('adtrobot_ai_cost_dollars_total{operation="tarot_card",model="other"}')).toBe(false);
  });

  it('lets the age of the oldest open row grow between two readings, and shows 0 when none is open', async () => {
    let nowMs = 60_000;
    const { ai, samples } = createOnRegistry(() => nowMs);
    ai.setUnsettled({ reservedCount: 2, unknownCount: 1, oldestStartedAt: new Date(30_000) });
    expect((await samples()).get('adtrobot_ai_unsettled_age_seconds')).toBe('30');
    nowMs = 75_000;
    expect((await samples()).get('adtrobot_ai_unsettled_age_seconds')).toBe('45');
    expect((await samples()).get('adtrobot_ai_unsettled{status="unknown"}')).toBe('1');
    ai.setUnsettled({ reservedCount: 0, unknownCount: 0, oldestStartedAt: null });
    expect((await samples()).get('adtrobot_ai_unsettled_age_seconds')).toBe('0');
  });
});

describe('ExactSums', () => {
  it('refuses what would make a counter fall or is no number', () => {
    const sums = new ExactSums();
    expect(() => sums.add('key', '-0.01')).toThrow('cannot decrease');
    expect(() => sums.add('key', 'NaN')).toThrow();
    expect(sums.get('key')).toBe('0.000000000000');
  });
});
