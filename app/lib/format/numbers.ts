import type { Language } from '#server/contracts/vocabulary.ts';
import { NUMBER_LOCALES, keepTogether } from './locale.ts';

const COMPACT_FROM = 1_000_000;
const SECOND_MS = 1_000;
/** Below this many milliseconds a tenth matters. */
const TENTHS_BELOW_MS = 10;
/** Units of a stretch of time, the largest first. */
const SPAN_UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]] as const;

function format(value: number, language: Language, options: Intl.NumberFormatOptions): string {
  return keepTogether(new Intl.NumberFormat(NUMBER_LOCALES[language], options).format(value));
}

/** A whole number with its thousands separated. */
export function formatCount(count: number, language: Language): string {
  return format(count, language, { maximumFractionDigits: 0 });
}

/** A whole number; from a million on shortened, as in 1.23M. */
export function formatCompactCount(count: number, language: Language): string {
  if (count < COMPACT_FROM) return formatCount(count, language);
  return format(count, language, { notation: 'compact', minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** How often something happens: three digits at least, so that a small rate never reads as zero. */
export function formatRate(rate: number, language: Language): string {
  return format(rate, language, rate < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}

/** A ratio from 0 to 1 as a percentage; a small but real share never reads as zero. */
export function formatPercent(ratio: number, language: Language): string {
  const places = ratio > 0 && ratio < 0.001 ? 3 : 1;
  return format(ratio, language, { style: 'percent', maximumFractionDigits: places });
}

/** A duration: milliseconds below a second, else seconds with two decimals. */
export function formatDurationMs(durationMs: number, language: Language): string {
  if (durationMs < SECOND_MS) {
    const maximumFractionDigits = durationMs < TENTHS_BELOW_MS ? 1 : 0;
    return format(durationMs, language, { style: 'unit', unit: 'millisecond', maximumFractionDigits });
  }
  const seconds = durationMs / SECOND_MS;
  return format(seconds, language, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 2 });
}

/**
 * An uptime from 0 to 1 as a percentage that never looks better than it is: it is rounded down, so that only a whole one
 * reads as 100, with a third decimal where the nines are what counts; and only none at all reads as 0.
 */
export function formatUptime(ratio: number, language: Language): string {
  const places = ratio >= 0.999 && ratio < 1 ? 3 : 2;
  const steps = 10 ** (places + 2);
  // 0.29 times 100 is a hair less than 29, and the hair is not the ratio's.
  const down = Math.floor(ratio * steps + 1e-6) / steps;
  const least = ratio > 0 ? 1 / steps : 0;
  const most = ratio < 1 ? 1 - 1 / steps : 1;
  return format(Math.min(Math.max(down, least), most), language, { style: 'percent', minimumFractionDigits: ratio > 0 && ratio < 1 ? 2 : 0, maximumFractionDigits: places });
}

/** A stretch of time in its two largest units, cut off: 2 hr 5 min. What is shorter than a second does not read as none. */
export function formatSpanMs(spanMs: number, language: Language): string {
  if (spanMs > 0 && spanMs < SECOND_MS) return formatDurationMs(spanMs, language);
  let rest = Math.floor(spanMs / SECOND_MS);
  const first = SPAN_UNITS.findIndex(([, seconds]) => rest >= seconds);
  if (first === -1) return format(0, language, { style: 'unit', unit: 'second' });
  const parts = SPAN_UNITS.slice(first, first + 2).map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { unit, count };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => format(count, language, { style: 'unit', unit, unitDisplay: 'short' }))
    .join('\u00a0');
}
