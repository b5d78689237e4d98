import { expect, test } from 'vitest';
import { rateUnitOf, scaleRate } from '#app/features/performance/rate-unit.ts';

test('rates are told in the unit in which the highest of them is at least one', () => {
  expect([[1, 0.2], [0.5, null], [1 / 60, 0], [0.01], [0, null], []].map(rateUnitOf)).toEqual(['minute', 'hour', 'hour', 'day', 'day', 'day']);
});

test('a rate in another unit is the same rate', () => {
  expect([scaleRate(0.5, 'minute'), scaleRate(0.5, 'hour'), scaleRate(0.5, 'day')]).toEqual([0.5, 30, 720]);
});
