import type { Language } from '#server/contracts/vocabulary.ts';
import { NUMBER_LOCALES, keepTogether } from './locale.ts';

const COMPACT_FROM = 1_000_000;
const SECOND_MS = 1_000;
/** Below this many milliseconds a tenth matters. */
const TENTHS_BELOW_MS = 10;

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
