import { isCountry } from './country-names.ts';
import { loadGazetteer } from './gazetteer.ts';
import { isCyrillic, normalizeName, transliterate } from './normalize-name.ts';
import type { Place } from './types.ts';

/** Most candidates that are offered. */
const PLACES_MAX = 6;
/** Longest name that is looked up; the longest real one is far shorter. */
const NAME_CHARS_MAX = 100;
/** A place so much larger than its namesakes is meant unless the user says otherwise. */
const DOMINANCE = 20;
const DOMINANT_POPULATION_MIN = 300_000;

/**
 * Places by the name a person typed, in Russian or English, the most populous first; a country may follow after a
 * comma. Only the largest comes back when it dwarfs its namesakes and no country was given. Empty when nothing fits.
 */
export async function findPlaces(typed: string): Promise<readonly Place[]> {
  const text = typed.slice(0, NAME_CHARS_MAX);
  const [namePart = '', ...rest] = text.split(',');
  const country = normalizeName(rest.join(','));
  const name = normalizeName(namePart);
  if (name === '') return [];
  const candidates = await findByName(name);
  if (country !== '') {
    const inCountry = candidates.filter((place) => isCountry(country, place.country));
    // What follows the comma may be part of the name: "Washington, D.C.".
    return (inCountry.length > 0 ? inCountry : await findByName(normalizeName(text))).slice(0, PLACES_MAX);
  }
  const [first, second] = candidates;
  if (first && second && first.population >= DOMINANT_POPULATION_MIN && first.population >= second.population * DOMINANCE) return [first];
  return candidates.slice(0, PLACES_MAX);
}

/** A place by its GeoNames id. */
export async function findPlaceById(id: number): Promise<Place | null> {
  return (await loadGazetteer()).byId(id) ?? null;
}

async function findByName(name: string): Promise<readonly Place[]> {
  const gazetteer = await loadGazetteer();
  const exact = gazetteer.byName(name);
  if (exact.length > 0 || !isCyrillic(name)) return exact;
  const spelled = gazetteer.byName(transliterate(name));
  const heard = gazetteer.bySound(name);
  const ids = new Set(heard.map((place) => place.id));
  return [...heard, ...spelled.filter((place) => !ids.has(place.id))].sort((a, b) => b.population - a.population);
}
