import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { HealthState } from '#server/contracts/vocabulary.ts';
import { createHysteresis } from '#server/health/hysteresis.ts';

const LIMITS = { failures: 3, successes: 2 };
const LETTERS: Readonly<Record<string, HealthState>> = { h: 'healthy', u: 'unhealthy', d: 'disabled' };

/** What is said after each of the samples, in letters. */
function play(samples: string, limits = LIMITS): string {
  const hysteresis = createHysteresis(limits);
  return [...samples].map((letter) => hysteresis.next(LETTERS[letter] ?? 'healthy')[0]).join('');
}

describe('what is said of a check', () => {
  it.each([
    ['huhuhuh', 'hhhhhhh', 'odd failures change nothing'],
    ['huuhuuh', 'hhhhhhh', 'failures count only in a row'],
    ['huuu', 'hhhu', 'enough of them in a row do'],
    ['huuuhuhh', 'hhhuuuuh', 'nor does an odd success'],
    ['uhh', 'uuh', 'the first sample is believed'],
    ['hdu', 'hdu', 'to be disabled is no matter of doubt'],
  ])('of %s is %s: %s', (samples, said) => {
    expect(play(samples)).toBe(said);
  });

  it('is nothing before the first sample', () => {
    expect(createHysteresis(LIMITS).state).toBeNull();
  });

  it('can be turned by something else, after which good samples are needed', () => {
    const hysteresis = createHysteresis(LIMITS);
    hysteresis.next('healthy');
    hysteresis.fail();
    expect([hysteresis.state, hysteresis.next('healthy'), hysteresis.next('healthy')]).toEqual(['unhealthy', 'unhealthy', 'healthy']);
  });
});

test('what is said never turns more often than the samples, and each turn has its row of samples behind it', () => {
  const state = fc.constantFrom('h', 'u');
  fc.assert(
    fc.property(fc.array(state, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (letters, failures, successes) => {
      const samples = letters.join('');
      const said = play(samples, { failures, successes });
      for (let index = 1; index < said.length; index += 1) {
        if (said[index] === said[index - 1]) continue;
        const needed = said[index] === 'u' ? failures : successes;
        expect(samples.slice(index + 1 - needed, index + 1)).toBe(String(said[index]).repeat(needed));
      }
    }),
  );
});
