import { describe, expect, it } from 'vitest';
import { createRandom } from '#server/sandbox/random.ts';
import {
  ARRIVAL_GAP_QUANTILES,
  COMPLETION_TOKEN_QUANTILES,
  PROMPT_TOKEN_QUANTILES,
  quantileAt,
  sampleArrivalGap,
  sampleCompletionTokens,
  samplePromptTokens,
} from '#server/sandbox/trace-shape.ts';

const SAMPLE_COUNT = 50_000;

function meanOf(sample: () => number): number {
  let sum = 0;
  for (let index = 0; index < SAMPLE_COUNT; index += 1) sum += sample();
  return sum / SAMPLE_COUNT;
}

describe('the shape of the trace', () => {
  it.each([PROMPT_TOKEN_QUANTILES, COMPLETION_TOKEN_QUANTILES, ARRIVAL_GAP_QUANTILES])('has quantiles that never fall', (...quantiles) => {
    expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
  });

  it('is met exactly at its quantiles and in a straight line between them', () => {
    expect(quantileAt([0, 10, 30], 0)).toBe(0);
    expect(quantileAt([0, 10, 30], 0.5)).toBe(10);
    expect(quantileAt([0, 10, 30], 0.75)).toBe(20);
    expect(quantileAt([0, 10, 30], 1)).toBe(30);
    expect(quantileAt([0, 10, 30], 7)).toBe(30);
  });

  it('keeps the means of the trace within a few percent', () => {
    const random = createRandom('means');
    expect(meanOf(() => sampleArrivalGap(random))).toBeCloseTo(1, 1);
    expect(meanOf(() => sampleCompletionTokens(random)) / 211).toBeCloseTo(1, 1);
  });

  it("draws whole tokens within the trace's ends, and no negative gap", () => {
    const random = createRandom('ends');
    for (let index = 0; index < 1_000; index += 1) {
      expect(sampleCompletionTokens(random)).toSatisfy((tokens: number) => Number.isInteger(tokens) && tokens >= 7 && tokens <= 1_000);
      expect(samplePromptTokens(random)).toSatisfy((tokens: number) => Number.isInteger(tokens) && tokens >= 2 && tokens <= 14_050);
      expect(sampleArrivalGap(random)).toBeGreaterThanOrEqual(0);
    }
  });
});
