import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyBin, percentileOf, type BinCount } from '#server/lib/latency-bins.ts';

const HOUR_MS = 3_600_000;

function binned(durations: readonly number[]): BinCount[] {
  return [...Map.groupBy(durations, latencyBin)].map(([bin, values]) => ({ bin, n: values.length }));
}

/** As Postgres' percentile_cont. */
function exact(durations: readonly number[], ratio: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  const rank = ratio * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0];
  return low + (high - low) * (rank - Math.floor(rank));
}

const duration = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 5_000 }), fc.nat({ max: HOUR_MS }));

test('any percentile of binned durations is within 5 % of the exact one', () => {
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), fc.constantFrom(0, 0.5, 0.95, 0.99, 1), (durations, ratio) => {
      const wanted = exact(durations, ratio);
      expect(Math.abs((percentileOf(binned(durations), ratio) ?? Infinity) - wanted)).toBeLessThanOrEqual(wanted * 0.05);
    }),
  );
});

test('a million equal durations are as exact as one', () => {
  expect(percentileOf([{ bin: latencyBin(1_234), n: 1_000_000 }], 0.99)).toBe(percentileOf([{ bin: latencyBin(1_234), n: 1 }], 0.99));
});

test('there is no percentile of nothing, nor of bins that were emptied again', () => {
  expect(percentileOf([], 0.5)).toBeNull();
  expect(percentileOf([{ bin: 3, n: 0 }], 0.5)).toBeNull();
});

test('a duration of 0 ms is 0, and not a small number', () => {
  expect(percentileOf(binned([0, 0, 0]), 0.95)).toBe(0);
});

test('longer durations never fall into an earlier bin', () => {
  fc.assert(fc.property(duration, duration, (a, b) => latencyBin(Math.min(a, b)) <= latencyBin(Math.max(a, b))));
});
