import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsd, compareUsd, divideUsd, parseDecimal, shareUsd, subtractUsd, sumUsd, toDecimalString } from '#server/lib/money.ts';

const picoUsd = fc.bigInt({ min: 0n, max: 10n ** 20n });
const asUsd = (pico: bigint): string => `${pico / 10n ** 12n}.${String(pico % 10n ** 12n).padStart(12, '0')}`;

describe('money', () => {
  it('writes plain decimals whatever form the number came in', () => {
    expect(toDecimalString(6e-7)).toBe('0.0000006');
    expect(toDecimalString(9.6e-6)).toBe('0.0000096');
    expect(toDecimalString('1e-8')).toBe('0.00000001');
    expect(toDecimalString('1.500')).toBe('1.5');
    expect(toDecimalString(0)).toBe('0');
    expect(toDecimalString(-0)).toBe('0');
    expect(toDecimalString(1e21)).toBe('1000000000000000000000');
  });

  it('rounds half up at the thirteenth place', () => {
    expect(toDecimalString('0.0000000000005')).toBe('0.000000000001');
    expect(toDecimalString('0.00000000000049')).toBe('0');
    expect(toDecimalString('0.0000000000015')).toBe('0.000000000002');
    expect(toDecimalString('-0.0000000000001')).toBe('0');
  });

  it('refuses what is not an amount', () => {
    for (const garbage of ['', 'abc', '1,5', Number.NaN, Number.POSITIVE_INFINITY]) expect(() => parseDecimal(garbage)).toThrow();
  });

  it('adds exactly, as whole numbers of the smallest part would', () => {
    fc.assert(
      fc.property(fc.array(picoUsd, { maxLength: 30 }), (parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0n);
        expect(compareUsd(sumUsd(parts.map(asUsd)), asUsd(total))).toBe(0);
      }),
    );
  });

  it('shares out no more than there is, and less than a unit of the last place of each share remains', () => {
    fc.assert(
      fc.property(picoUsd, fc.integer({ min: 1, max: 500 }), (total, count) => {
        const share = parseDecimal(shareUsd(asUsd(total), count));
        const rest = parseDecimal(asUsd(total)).minus(share.times(count));
        expect(rest.gte(0) && rest.lt(parseDecimal('1e-12').times(count))).toBe(true);
      }),
    );
  });

  it('takes away what was added', () => {
    fc.assert(
      fc.property(picoUsd, picoUsd, (a, b) => {
        expect(compareUsd(subtractUsd(addUsd(asUsd(a), asUsd(b)), asUsd(b)), asUsd(a))).toBe(0);
      }),
    );
  });

  it('has no exponent and no trailing zero for any amount', () => {
    fc.assert(
      fc.property(picoUsd, (pico) => {
        const text = toDecimalString(asUsd(pico));
        expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(compareUsd(text, asUsd(pico))).toBe(0);
      }),
    );
  });

  it('sums nothing to zero and averages over nothing to null', () => {
    expect(sumUsd([])).toBe('0');
    expect(divideUsd('1', 0)).toBeNull();
  });

  it('averages to twelve places, rounded half up', () => {
    expect(divideUsd('1', 3)).toBe('0.333333333333');
    expect(divideUsd('2', 3)).toBe('0.666666666667');
    expect(divideUsd('0', 5)).toBe('0');
  });
});
