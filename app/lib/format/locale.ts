import type { Language } from '#server/contracts/vocabulary.ts';

/** Numbers and money follow American usage in English; dates have the day first and a 24-hour clock in both languages. */
export const NUMBER_LOCALES: Record<Language, string> = { en: 'en-US', ru: 'ru-RU' };
export const DATE_LOCALES: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU' };

const NO_BREAK_SPACE = '\u00a0';

/** Versions of the locale data differ in their narrow spaces; one kind keeps the server's and the browser's text equal. */
export function unifySpaces(text: string): string {
  return text.replace(/[\u202f\u2009]/g, NO_BREAK_SPACE);
}

/** As `unifySpaces`, and never a line break between a number and its unit. */
export function keepTogether(text: string): string {
  return text.replace(/\s/g, NO_BREAK_SPACE);
}
