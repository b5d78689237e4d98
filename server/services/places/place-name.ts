import type { Language } from '#server/contracts/vocabulary.ts';
import { countryName } from './country-names.ts';
import { parseKnownNames } from './russian-names.ts';
import { RUSSIAN_SPELLINGS } from './russian-spellings.ts';
import type { Place } from './types.ts';

/** Words within a name that stay small: Ростов-на-Дону. */
const SMALL_WORDS = new Set(['на', 'де', 'и']);

let russianNames: ReadonlyMap<string, string> | undefined;

/** `Kirov, Russia`, `Киров, Россия`, `Springfield, MO, United States`: a place in the words of the language, as far as it has some. */
export function placeName(place: Pick<Place, 'name' | 'country' | 'state'>, language: Language): string {
  const name = language === 'ru' ? (findRussianName(place) ?? place.name) : place.name;
  const state = place.state === null ? [] : [place.state];
  return [name, ...state, countryName(place.country, language)].join(', ');
}

function findRussianName({ name, country }: Pick<Place, 'name' | 'country'>): string | undefined {
  russianNames ??= collectRussianNames();
  return russianNames.get(`${name}@${country}`);
}

/** The usual spellings first, then the first of the names by which a place is looked up. */
function collectRussianNames(): ReadonlyMap<string, string> {
  const names = new Map(RUSSIAN_SPELLINGS.map(({ name, country, russian }) => [`${name}@${country}`, russian]));
  for (const { typed, name, country } of parseKnownNames()) {
    const key = `${name}@${country}`;
    if (!names.has(key) && /^[а-яё -]+$/u.test(typed)) names.set(key, capitalise(typed));
  }
  return names;
}

function capitalise(name: string): string {
  return name.replace(/[а-яё]+/gu, (word) => (SMALL_WORDS.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1)));
}
