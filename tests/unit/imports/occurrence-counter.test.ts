import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OccurrenceCounter } from '#server/services/imports/occurrence-counter.ts';

test('it counts as a map would, also where fingerprints meet in one slot', () => {
  const half = fc.constantFrom(0, 1, 8, 16, 0xffff_ffff);
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half)), (fingerprints) => {
      const counter = new OccurrenceCounter(25);
      const map = new Map<string, number>();
      for (const [low, high] of fingerprints) {
        const count = map.get(`${low}/${high}`) ?? 0;
        map.set(`${low}/${high}`, count + 1);
        expect(counter.take(low, high)).toBe(count);
      }
    }),
  );
});

test('it takes what it was made for and refuses more, rather than count wrong', () => {
  const counter = new OccurrenceCounter(10);
  for (let low = 0; low < 10; low += 1) counter.take(low, 0);
  expect(counter.take(3, 0)).toBe(1);
  expect(() => counter.take(10, 0)).toThrow('went wrong');
});
