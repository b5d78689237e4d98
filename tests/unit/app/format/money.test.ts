import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeShareRatio, formatUsd, formatUsdTick, toPlotValue, toPerMillion } from '#app/lib/format/money.ts';

test.each([
  ['0.000000000000', '$0.00'],
  ['12.345650000000', '$12.3457'],
  ['0.500000000000', '$0.5000'],
  ['0.001200000000', '$0.0012'],
  ['0.000123456000', '$0.00012'],
  ['0.000000000001', '$0.000000000001'],
  ['999.999900000000', '$999.9999'],
  ['1000.000000000000', '$1,000.00'],
  ['1234567.891000000000', '$1,234,567.89'],
  ['-3.250000000000', '-$3.2500'],
  ['-1000.000000000000', '-$1,000.00'],
  ['-0.000000000001', '-$0.000000000001'],
])('%s dollars read as %s', (usd, text) => {
  expect(formatUsd(usd, 'en')).toBe(text);
});

test('Russian sets the comma and the sign behind', () => {
  expect(formatUsd('1234.500000000000', 'ru')).toBe('1\u00a0234,50\u00a0$');
});

test('an amount beyond the precision of a float keeps every digit that is shown', () => {
  expect(formatUsd('90071992547409.930000000000', 'en')).toBe('$90,071,992,547,409.93');
});

test('what is no amount is shown as it is, not as NaN', () => {
  expect(formatUsd('n/a', 'en')).toBe('n/a');
});

test('no amount above zero ever reads as zero', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 17n }), (picoDollars) => {
      const digits = picoDollars.toString().padStart(13, '0');
      const usd = `${digits.slice(0, -12)}.${digits.slice(-12)}`;
      expect(formatUsd(usd, 'en')).toMatch(/[1-9]/);
    }),
  );
});

test('shares of a total add up to one, and there is none without a total', () => {
  const shares = ['0.1', '0.2', '0.7'].map((part) => computeShareRatio(part, '1.000000000000') ?? 0);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  expect(computeShareRatio('0.000000000000', '0.000000000000')).toBeNull();
});

test('marks of an axis are short', () => {
  expect(formatUsdTick(0.2, 'en')).toBe('$0.2');
  expect(formatUsdTick(0, 'en')).toBe('$0');
  expect(toPlotValue('0.250000000000')).toBe(0.25);
});

test.each([
  ['0.000000300000', '0.3'],
  ['0.000000000001', '0.000001'],
  ['0.000000000000', '0'],
  ['0.000015123456', '15.123456'],
])('a million times %s is exactly %s', (usd, expected) => {
  expect(toPerMillion(usd)).toBe(expected);
});
