import type { Language } from '#server/contracts/vocabulary.ts';

const formatters: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  en: new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }),
  ru: new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: 'UTC' }),
};

/** A calendar day `YYYY-MM-DD` in words. */
export function formatDate(date: string, language: Language): string {
  return formatters[language].format(new Date(`${date}T00:00:00Z`));
}
