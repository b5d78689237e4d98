import { expect, test } from 'vitest';
import { findPlaces } from '#server/services/places/find-places.ts';
import { placeName } from '#server/services/places/place-name.ts';

test.each([
  ['Москва', 'Москва, Россия'],
  ['Киров', 'Киров, Россия'],
  ['Свердловск', 'Екатеринбург, Россия'],
  ['Ростов-на-Дону', 'Ростов-на-Дону, Россия'],
  ['Комсомольск-на-Амуре', 'Комсомольск-на-Амуре, Россия'],
  ['Київ', 'Киев, Украина'],
  ['Рим', 'Рим, Италия'],
])('%s is called by its Russian name in Russian: %s', async (typed, name) => {
  const [place] = await findPlaces(typed);
  expect(place && placeName(place, 'ru')).toBe(name);
});

test('in English a place keeps its own name, and in the US its state stands with it', async () => {
  const [kirov] = await findPlaces('Kirov');
  expect(kirov && placeName(kirov, 'en')).toBe('Kirov, Russia');
  const springfields = (await findPlaces('Springfield')).map((place) => placeName(place, 'en'));
  expect(springfields).toContain('Springfield, MO, United States');
  expect(springfields).toContain('Springfield, MA, United States');
});
