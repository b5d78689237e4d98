import { LANGUAGES, type Language } from '#server/contracts/vocabulary.ts';
import { normalizeName } from './normalize-name.ts';

const displayNames = new Map<Language, Intl.DisplayNames>();

/** A country's name in a language; its code when it has none. */
export function countryName(country: string, language: Language): string {
  let names = displayNames.get(language);
  if (!names) {
    names = new Intl.DisplayNames([language], { type: 'region' });
    displayNames.set(language, names);
  }
  return names.of(country) ?? country;
}

/** What people write instead of the names above. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  usa: 'US', сша: 'US', america: 'US', америка: 'US', uk: 'GB', england: 'GB', англия: 'GB', великобритания: 'GB', uae: 'AE', оаэ: 'AE',
  белоруссия: 'BY', киргизия: 'KG', молдавия: 'MD', рф: 'RU', 'российская федерация': 'RU',
};

/** Whether a typed country (code, name in either language, or a usual short form) means this one. */
export function isCountry(typed: string, country: string): boolean {
  const wanted = normalizeName(typed);
  if (wanted === country.toLowerCase() || SHORT_NAMES[wanted] === country) return true;
  return LANGUAGES.some((language) => normalizeName(countryName(country, language)) === wanted);
}
