import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, pick, shuffle } from '#server/sandbox/random.ts';
import { COMPLETION_TOKEN_QUANTILES, quantileAt, sampleArrivalGap, sampleCompletionTokens } from '#server/sandbox/trace-shape.ts';

const DRAW_COUNT = 24_000;

function countEach(draw: () => string): number[] {
  const counts = new Map<string, number>();
  for (let index = 0; index < DRAW_COUNT; index += 1) {
    const drawn = draw();
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('chance', () => {
  test('shuffles into every order equally often', () => {
    const random = createRandom('orders');
    const counts = countEach(() => shuffle(random, ['a', 'b', 'c', 'd']).join(''));
    expect(counts).toHaveLength(24);
    for (const count of counts) expect(Math.abs(count - DRAW_COUNT / 24)).toBeLessThan(160);
  });

  test('picks every item equally often, the first and the last included', () => {
    const random = createRandom('items');
    const counts = countEach(() => pick(random, ['a', 'b', 'c', 'd', 'e', 'f']));
    expect(counts).toHaveLength(6);
    for (const count of counts) expect(Math.abs(count - DRAW_COUNT / 6)).toBeLessThan(300);
  });

  test('picks from the ends also at the ends of what can be drawn', () => {
    expect([pick(() => 0, ['first', 'last']), pick(() => 1 - 2 ** -32, ['first', 'last'])]).toEqual(['first', 'last']);
  });

  test('of neighbouring seeds has nothing to do with each other', () => {
    const firsts = Array.from({ length: 4_000 }, (_, seed) => createRandom(seed)());
    const risingCount = firsts.filter((first, seed) => seed > 0 && first > (firsts[seed - 1] ?? 0)).length;
    expect(risingCount / firsts.length).toBeCloseTo(0.5, 1);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('is not shared: drawing from one stream does not move another of the same seed', () => {
    const [one, two] = [createRandom('same'), createRandom('same')];
    const drawn = Array.from({ length: 10 }, one);
    expect(Array.from({ length: 10 }, two)).toEqual(drawn);
  });
});

describe('a distribution given by quantiles', () => {
  const quantiles = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 30 }).map((values) => values.toSorted((a, b) => a - b));
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test('rises with the share and stays between its ends', () => {
    fc.assert(
      fc.property(quantiles, share, share, (values, a, b) => {
        const [low, high] = [quantileAt(values, Math.min(a, b)), quantileAt(values, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(values[0] ?? Infinity);
        expect(high).toBeLessThanOrEqual((values.at(-1) ?? -Infinity) + 1e-9);
      }),
    );
  });

  test('holds each of its values at its own share, and its ends beyond them', () => {
    fc.assert(
      fc.property(quantiles, fc.double({ min: 0, max: 9, noNaN: true }), (values, beyond) => {
        for (const [index, value] of values.entries()) expect(quantileAt(values, index / (values.length - 1))).toBeCloseTo(value, 6);
        expect([quantileAt(values, -beyond), quantileAt(values, 1 + beyond)]).toEqual([values[0], values.at(-1)]);
      }),
    );
  });

  test('is what is sampled: half of the answers are shorter than the median of the trace', () => {
    const random = createRandom('median');
    const shorter = Array.from({ length: 20_000 }, () => sampleCompletionTokens(random)).filter((tokens) => tokens < COMPLETION_TOKEN_QUANTILES[10]);
    expect(shorter.length / 20_000).toBeCloseTo(0.5, 1);
  });

  test('of gaps between arrivals rises without a step where its tail begins, and keeps long gaps rare', () => {
    const gapAt = (drawn: number) => sampleArrivalGap(() => drawn);
    expect(gapAt(0.95)).toBeCloseTo(gapAt(0.95 - 1e-9), 4);
    for (let drawn = 0; drawn < 0.999; drawn += 0.001) expect(gapAt(drawn + 0.001)).toBeGreaterThanOrEqual(gapAt(drawn));
    const random = createRandom('gaps');
    const longCount = Array.from({ length: 50_000 }, () => sampleArrivalGap(random)).filter((gap) => gap > 5).length;
    expect(longCount / 50_000).toBeLessThan(0.02);
    expect(longCount).toBeGreaterThan(0);
  });
});
