import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, pick, shuffle } from '#server/sandbox/random.ts';

const draw = (seed: string | number, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, random);
};

describe('createRandom', () => {
  it('draws the same for the same seed and otherwise for another', () => {
    expect(draw('a', 20)).toEqual(draw('a', 20));
    expect(draw('a', 20)).not.toEqual(draw('b', 20));
    expect(draw(1, 5)).toEqual(draw('1', 5));
  });

  it('draws evenly from 0 to below 1', () => {
    const draws = draw('even', 20_000);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = draws.filter((value) => Math.floor(value * 10) === tenth).length / draws.length;
      expect(share).toBeCloseTo(0.1, 1);
    }
  });
});

describe('pick and shuffle', () => {
  it('picks only what is there, and says when there is nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer(), (items, seed) => items.includes(pick(createRandom(seed), items))),
    );
    expect(() => pick(createRandom(1), [])).toThrow(RangeError);
  });

  it('shuffles without loss and without touching the list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items];
        expect(shuffle(createRandom(seed), items).sort()).toEqual([...items].sort());
        expect(items).toEqual(before);
      }),
    );
  });
});
