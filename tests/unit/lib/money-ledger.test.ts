import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsd, averageUsd, compareUsd, divideExact, multiplyUsd, parseDecimal, subtractUsd, sumUsd, toDecimalString, toLedgerUsd, ZERO_USD } from '#server/lib/money.ts';

/** Whole numbers of the ledger's smallest part, of either sign, and how the ledger writes them. */
const pico = fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n });
const magnitude = (value: bigint) => (value < 0n ? -value : value);
const written = (value: bigint) => `${value < 0n ? '-' : ''}${magnitude(value) / 10n ** 12n}.${(magnitude(value) % 10n ** 12n).toString().padStart(12, '0')}`;

describe('the form of the ledger', () => {
  it('keeps every amount that the ledger can hold, with twelve places', () => {
    fc.assert(fc.property(pico, (value) => toLedgerUsd(written(value)) === written(value)));
  });

  it('is the same for an amount however it was written', () => {
    fc.assert(
      fc.property(pico, fc.integer({ min: 0, max: 5 }), (value, zeros) => {
        const spellings = [`${written(value)}${'0'.repeat(zeros)}`, toDecimalString(written(value)), parseDecimal(written(value)).toExponential()];
        for (const spelling of spellings) expect(toLedgerUsd(spelling)).toBe(written(value));
      }),
    );
  });

  it('writes nothing as nothing, without a sign', () => {
    for (const nothing of ['0', '-0', '0.0000000000000', 0, -0]) expect(toLedgerUsd(nothing)).toBe(ZERO_USD);
  });
});

describe('reckoning', () => {
  it('agrees with whole numbers for sums, differences, order and products', () => {
    fc.assert(
      fc.property(pico, pico, fc.integer({ min: 0, max: 1_000 }), (a, b, factor) => {
        expect(toLedgerUsd(addUsd(written(a), written(b)))).toBe(written(a + b));
        expect(toLedgerUsd(subtractUsd(written(a), written(b)))).toBe(written(a - b));
        expect(Math.sign(compareUsd(written(a), written(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(toLedgerUsd(multiplyUsd(written(a), factor))).toBe(written(a * BigInt(factor)));
      }),
    );
  });

  it('does not depend on the order of what is summed', () => {
    fc.assert(
      fc.property(fc.array(pico, { maxLength: 20 }), fc.integer(), (parts, seed) => {
        const shuffled = [...parts].sort((a, b) => Number((a ^ BigInt(seed)) - (b ^ BigInt(seed)) > 0n) - 0.5);
        return sumUsd(shuffled.map(written)) === sumUsd(parts.map(written));
      }),
    );
  });

  it('multiplies a price per token by tokens without a float on the way', () => {
    expect(multiplyUsd('0.0000001', 3)).toBe('0.0000003');
    expect(multiplyUsd('0.00000015', 1_000_000)).toBe('0.15');
    expect(multiplyUsd(0.1, 3)).toBe('0.3');
  });
});

describe('averages and ratios', () => {
  it('are off by less than half of the last place that they show', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), fc.integer({ min: 1, max: 100_000 }), (total, count) => {
        const average = averageUsd(written(total), count) ?? 'absent';
        const back = BigInt(average.replace('.', '')) * BigInt(count);
        return 2n * magnitude(back - total) <= BigInt(count);
      }),
    );
  });

  it('of a ratio hold 24 places, of which nothing is rounded away before it is compared', () => {
    expect(divideExact('1', '3')).toBe('0.333333333333333333333333');
    expect(divideExact('0.25', '0.125')).toBe('2');
    expect(divideExact('-1', '4')).toBe('-0.25');
    expect(divideExact('4.999999999999', '5')).toBe('0.9999999999998');
  });

  it('do not exist where there is nothing to divide by', () => {
    expect([divideExact('1', '0'), divideExact('1', '-0.000'), divideExact('0', 0), averageUsd('1', 0)]).toEqual([null, null, null, null]);
  });

  it('of nothing are nothing, in the form of the ledger', () => {
    expect(averageUsd('0', 7)).toBe(ZERO_USD);
  });
});
