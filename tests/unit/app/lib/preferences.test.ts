import { expect, test } from 'vitest';
import { readPreferences, serializePreference } from '#app/lib/preferences.ts';

function read(headers: Record<string, string>) {
  return readPreferences(new Request('http://localhost/', { headers }));
}

test('a first visit speaks English and follows the system', () => {
  expect(read({})).toEqual({ language: 'en', theme: 'system' });
});

test.each([
  ['ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
  ['en-US,en;q=0.9,ru;q=0.8', 'en'],
  ['de,ru;q=0.5,en;q=0.3', 'ru'],
  ['en;q=0.2, ru;q=0.7', 'ru'],
  ['ru;q=0, en', 'en'],
  ['de-DE,fr', 'en'],
  ['*', 'en'],
  [';;;q=,,', 'en'],
])('the first visit with Accept-Language %s speaks %s', (header, language) => {
  expect(read({ 'Accept-Language': header }).language).toBe(language);
});

test('cookies win over the browser, and unknown values count as absent', () => {
  expect(read({ Cookie: 'lang=en; theme=dark', 'Accept-Language': 'ru' })).toEqual({ language: 'en', theme: 'dark' });
  expect(read({ Cookie: 'lang=xx; theme=%00', 'Accept-Language': 'ru' })).toEqual({ language: 'ru', theme: 'system' });
});

test('a kept preference is read back', () => {
  const header = serializePreference('theme', 'dark');
  expect(header).toContain('SameSite=Lax');
  expect(header).toContain('Path=/');
  expect(read({ Cookie: header.split(';')[0] ?? '' }).theme).toBe('dark');
});
