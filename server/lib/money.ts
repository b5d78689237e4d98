import Big from 'big.js';

/** Decimal places of an amount in the ledger: `numeric(20,12)`. */
export const USD_DECIMALS = 12;

/** Our own copy of the type, so that nobody's settings of the global one change what a sum is. */
const Amount = Big();
Amount.DP = 24;
Amount.RM = Amount.roundHalfUp;

/** A decimal as text, or a number, whose shortest text is meant exactly (as `JSON.parse` hands out `9.6e-06`). */
export type DecimalInput = string | number | Big;

/** Reads an amount exactly. Throws on what is not a finite decimal. */
export function parseDecimal(value: DecimalInput): Big {
  return new Amount(value);
}

/** Plain decimal text, never an exponent, without trailing zeros; rounded half up to `places`. */
export function toDecimalString(value: DecimalInput, places: number = USD_DECIMALS): string {
  const text = new Amount(value).round(places, Amount.roundHalfUp).toFixed();
  return text === '-0' ? '0' : text;
}

/** The exact sum of amounts; `'0'` of none. */
export function sumUsd(amounts: Iterable<DecimalInput>): string {
  let sum = new Amount(0);
  for (const amount of amounts) sum = sum.plus(amount);
  return toDecimalString(sum);
}

/** The exact sum of two amounts. */
export function addUsd(a: DecimalInput, b: DecimalInput): string {
  return sumUsd([a, b]);
}

/** The exact difference of two amounts. */
export function subtractUsd(a: DecimalInput, b: DecimalInput): string {
  return toDecimalString(new Amount(a).minus(b));
}

/** An amount times a factor, rounded half up to 12 places. */
export function multiplyUsd(amount: DecimalInput, factor: DecimalInput): string {
  return toDecimalString(new Amount(amount).times(factor));
}

/** The ratio of two amounts to 24 decimal places; null when there is nothing to divide by. */
export function divideExact(amount: DecimalInput, divisor: DecimalInput): string | null {
  const by = new Amount(divisor);
  return by.eq(0) ? null : new Amount(amount).div(by).toFixed();
}

/** An average, rounded half up to 12 places; null when there is nothing to divide by. */
export function divideUsd(total: DecimalInput, count: number): string | null {
  if (count === 0) return null;
  return toDecimalString(new Amount(total).div(count));
}

/** Negative when `a` is less than `b`, 0 when they are equal whatever their zeros, else positive. */
export function compareUsd(a: DecimalInput, b: DecimalInput): number {
  return new Amount(a).cmp(b);
}

/** One of `count` equal shares, rounded down to 12 places: all of them together never exceed the amount. */
export function shareUsd(total: DecimalInput, count: number): string {
  return new Amount(total).div(count).round(USD_DECIMALS, Amount.roundDown).toFixed();
}

/** An amount as the ledger writes it: always 12 decimal places. */
export function toLedgerUsd(value: DecimalInput): string {
  return new Amount(value).toFixed(USD_DECIMALS, Amount.roundHalfUp);
}

/** Nothing, as the ledger writes it. */
export const ZERO_USD = '0.000000000000';

/** A ledger amount divided by a count, as the ledger writes it; null when there is nothing to divide by. */
export function averageUsd(total: DecimalInput, count: number): string | null {
  const average = divideUsd(total, count);
  return average === null ? null : toLedgerUsd(average);
}
