import { describe, expect, test } from 'vitest';
import { countryName, isCountry } from '#server/services/places/country-names.ts';
import { findPlaceById, findPlaces } from '#server/services/places/find-places.ts';
import { loadGazetteer } from '#server/services/places/gazetteer.ts';
import { isCyrillic, normalizeName, soundOf, transliterate } from '#server/services/places/normalize-name.ts';
import { parseKnownNames } from '#server/services/places/russian-names.ts';
import { timeZoneOf } from '#server/services/places/time-zone-of.ts';

const first = async (typed: string) => {
  const [place] = await findPlaces(typed);
  return place ? `${place.name}, ${place.country}` : null;
};

describe('a place is found', () => {
  test.each([
    ['Moscow', 'Moscow, RU'],
    ['Москва', 'Moscow, RU'],
    ['  МОСКВА ', 'Moscow, RU'],
    ['Saint Petersburg', 'Saint Petersburg, RU'],
    ['st. petersburg', 'Saint Petersburg, RU'],
    ['Санкт-Петербург', 'Saint Petersburg, RU'],
    ['санкт петербург', 'Saint Petersburg, RU'],
    ['питер', 'Saint Petersburg, RU'],
    ['Нижний Новгород', 'Nizhniy Novgorod, RU'],
    ['Ростов-на-Дону', 'Rostov-na-Donu, RU'],
    ['Тольятти', 'Tol’yatti, RU'],
    ['Орёл', 'Orël, RU'],
    ['орел', 'Orël, RU'],
    ['Йошкар-Ола', 'Yoshkar-Ola, RU'],
    ['Южно-Сахалинск', 'Yuzhno-Sakhalinsk, RU'],
    ['Гусь-Хрустальный', 'Gus’-Khrustal’nyy, RU'],
    ['Щёлково', 'Shchelkovo, RU'],
    ['Киев', 'Kyiv, UA'],
    ['Алматы', 'Almaty, KZ'],
    ['Минск', 'Minsk, BY'],
    ['Чикаго', 'Chicago, US'],
    ['Вашингтон', 'Washington, D.C., US'],
    ['Манчестер', 'Manchester, GB'],
    ['são paulo', 'São Paulo, BR'],
    ['Sao Paulo', 'São Paulo, BR'],
    ['New York', 'New York City, US'],
    ['Moscow, US', 'Moscow, US'],
    ['Москва, Россия', 'Moscow, RU'],
    ['Paris, франция', 'Paris, FR'],
    ['London, Canada', 'London, CA'],
  ])('%j is %s', async (typed, expected) => {
    expect(await first(typed)).toBe(expected);
  });

  test.each(['', '   ', '???', 'Qwertyuiopolis', 'Йцукенг', 'Moscow, Japan', ','])('%j is nowhere', async (typed) => {
    expect(await findPlaces(typed)).toEqual([]);
  });

  test('a name of any length does no harm', async () => {
    expect(await findPlaces('x'.repeat(100_000))).toEqual([]);
    expect((await findPlaces('я'.repeat(100_000))).length).toBeLessThanOrEqual(6);
  });

  test('a city that dwarfs its namesakes comes alone', async () => {
    expect(await findPlaces('Paris')).toHaveLength(1);
  });

  test('namesakes of a kind come together, the most populous first, and not too many', async () => {
    const places = await findPlaces('Springfield');
    expect(places).toHaveLength(6);
    const populations = places.map(({ population }) => population);
    expect(populations).toEqual([...populations].sort((a, b) => b - a));
  });

  test('by the id on its button', async () => {
    const [moscow] = await findPlaces('Moscow');
    expect(await findPlaceById(moscow?.id ?? 0)).toEqual(moscow);
    expect(await findPlaceById(1)).toBeNull();
  });

  test('every name of the Russian list leads to a place of its country', async () => {
    const gazetteer = await loadGazetteer();
    const lost = parseKnownNames().filter(({ typed, country }) => !gazetteer.byName(normalizeName(typed)).some((place) => place.country === country));
    expect(lost).toEqual([]);
  });
});

describe('names', () => {
  test('lose case, accents, apostrophes and punctuation, but й stays a letter', () => {
    expect(normalizeName('Tol’yatti')).toBe('tolyatti');
    expect(normalizeName('Łódź')).toBe('lodz');
    expect(normalizeName('Йошкар-Ола')).toBe('йошкар ола');
    expect(normalizeName('Орёл')).toBe('орел');
  });

  test('in Cyrillic are written in Latin letters and compared by their sound', () => {
    expect(isCyrillic('Tver')).toBe(false);
    expect(isCyrillic('Тверь')).toBe(true);
    expect(transliterate('щелково')).toBe('shchelkovo');
    expect(soundOf(transliterate('чикаго'))).toBe(soundOf('chicago'));
    expect(soundOf(transliterate('екатеринбург'))).toBe(soundOf('yekaterinburg'));
  });

  test('of countries are understood in both languages and by code', () => {
    expect(countryName('RU', 'ru')).toBe('Россия');
    for (const typed of ['ru', 'Russia', 'РОССИЯ', 'рф']) expect(isCountry(typed, 'RU')).toBe(true);
    for (const typed of ['US', 'сша', 'usa', 'United States']) expect(isCountry(typed, 'US')).toBe(true);
    expect(isCountry('Russia', 'US')).toBe(false);
  });
});

test.each([
  [55.75, 37.61, 'Europe/Moscow'],
  [59.94, 30.31, 'Europe/Moscow'],
  [56.84, 60.61, 'Asia/Yekaterinburg'],
  [40.71, -74.01, 'America/New_York'],
  [35.69, 139.69, 'Asia/Tokyo'],
])('the time zone at %d, %d is %s', async (latitude, longitude, expected) => {
  expect(await timeZoneOf(latitude, longitude)).toBe(expected);
});
