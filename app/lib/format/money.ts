import Big from 'big.js';
import type { Language } from '#server/contracts/vocabulary.ts';
import { NUMBER_LOCALES, keepTogether } from './locale.ts';

type Decimal = `${number}`;

/** The ledger's places after the point. */
const PLACES_MAX = 12;
const PLACES_USUAL = 4;
const PLACES_LARGE = 2;
const LARGE_USD = 1_000;
const SIGNIFICANT_DIGITS_MIN = 2;

function isDecimal(text: string): text is Decimal {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Places after the point, so that even a small amount shows two significant digits. */
function countPlaces(signed: Big): number {
  const amount = signed.abs();
  if (amount.eq(0) || amount.gte(LARGE_USD)) return PLACES_LARGE;
  const placesNeeded = SIGNIFICANT_DIGITS_MIN - 1 - amount.e;
  return Math.min(PLACES_MAX, Math.max(PLACES_USUAL, placesNeeded));
}

/**
 * US dollars for reading, rounded from the exact decimal string: two places from $1,000, four below, more where
 * that would leave fewer than two significant digits.
 */
export function formatUsd(usd: string, language: Language): string {
  if (!isDecimal(usd)) return usd;
  const places = countPlaces(new Big(usd));
  const format = new Intl.NumberFormat(NUMBER_LOCALES[language], {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return keepTogether(format.format(usd));
}

/** A mark on an axis of dollars: as few digits as it needs. Marks are round numbers, so a float is exact enough. */
export function formatUsdTick(value: number, language: Language): string {
  const format = new Intl.NumberFormat(NUMBER_LOCALES[language], {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 0,
    maximumSignificantDigits: 3,
  });
  return keepTogether(format.format(value));
}

/** The price of a million of what costs `usd` each; exact, as a decimal string. */
export function toPerMillion(usd: string): string {
  return new Big(usd).times(1_000_000).toFixed();
}

/** `part` of `total` as a ratio from 0 to 1 for display; null when there is no total. */
export function computeShareRatio(part: string, total: string): number | null {
  const divisor = new Big(total);
  return divisor.eq(0) ? null : new Big(part).div(divisor).toNumber();
}

/** An amount as a number, good enough for the height of a bar; never for a sum. */
export function toPlotValue(usd: string): number {
  return new Big(usd).toNumber();
}
