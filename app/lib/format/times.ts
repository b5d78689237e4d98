import type { Language } from '#server/contracts/vocabulary.ts';
import { DATE_LOCALES, unifySpaces } from './locale.ts';

function format(instant: string, timeZone: string, language: Language, options: Intl.DateTimeFormatOptions): string {
  return unifySpaces(new Intl.DateTimeFormat(DATE_LOCALES[language], { ...options, timeZone, hourCycle: 'h23' }).format(new Date(instant)));
}

/** The time of day with seconds, as 12:03:05. */
export function formatClock(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Day and time, as 24 Nov, 12:03. */
export function formatDayTime(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** A calendar day, as 24 Nov. */
export function formatDay(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { day: 'numeric', month: 'short' });
}

/** A month, as November 2026. */
export function formatMonth(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { month: 'long', year: 'numeric' });
}

/** Day and time to the second, as 24 Nov, 12:03:05. */
export function formatSecond(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** An instant in full, as 24 Nov 2026, 12:03. */
export function formatInstant(instant: string, timeZone: string, language: Language): string {
  return format(instant, timeZone, language, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}
