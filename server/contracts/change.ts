/** Decimal places of amounts: the ledger's. */
const PICO = 1e12;
const PICO_DECIMALS = 12;
/** A ratio is told to the sixth decimal: finer than any percentage that is shown. */
const RATIO_STEPS = 1e6;

/** A count, a measured number, or a decimal of up to 12 places as text; null is not known. */
export type Figure = number | string | null;

/**
 * By how much a figure changed against an earlier one, as a ratio of that one's size: 0.25 is a quarter more. Null where
 * one of the two is not known, and where the earlier one is 0: nothing is a multiple of nothing.
 */
export function changeRatio(figure: Figure, earlier: Figure): number | null {
  if (figure === null || earlier === null) return null;
  const base = toPico(earlier);
  if (base === 0n) return null;
  // The difference is exact; only the ratio of it, which is no amount, is a float.
  const ratio = Number(toPico(figure) - base) / Math.abs(Number(base));
  // Zero has no sign.
  return Math.round(ratio * RATIO_STEPS) / RATIO_STEPS + 0;
}

/** A figure in whole millionths of a millionth. */
function toPico(figure: number | string): bigint {
  if (typeof figure === 'number') return BigInt(Math.round(figure * PICO));
  const [whole = '', places = ''] = figure.split('.');
  return BigInt(whole + places.padEnd(PICO_DECIMALS, '0'));
}
