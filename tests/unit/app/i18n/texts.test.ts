import { expect, test } from 'vitest';
import { en } from '#app/i18n/en.ts';
import { ru } from '#app/i18n/ru.ts';

type Texts = { readonly [key: string]: string | Texts };

function flatten(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`)));
}

const LANGUAGES = { en: flatten(en), ru: flatten(ru) };
const PLURAL = /_(zero|one|two|few|many|other)$/;

function placeholdersByKey(texts: [string, string][]): Map<string, string> {
  const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  return new Map(texts.map(([key, text]) => [key.replace(PLURAL, ''), placeholders(text).join()]));
}

test('both languages have the same texts with the same placeholders', () => {
  expect(placeholdersByKey(LANGUAGES.ru)).toEqual(placeholdersByKey(LANGUAGES.en));
});

test.each(['en', 'ru'] as const)('every counted text has all plural forms of its language: %s', (language) => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
  const bases = new Map<string, string[]>();
  for (const [key] of LANGUAGES[language]) {
    const form = PLURAL.exec(key)?.[1];
    if (form) bases.set(key.replace(PLURAL, ''), [...(bases.get(key.replace(PLURAL, '')) ?? []), form]);
  }
  expect(bases.size).toBeGreaterThan(0);
  for (const [base, found] of bases) expect([base, found.toSorted()]).toEqual([base, forms]);
});

test('no text is empty', () => {
  expect([...LANGUAGES.en, ...LANGUAGES.ru].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('a Russian text holds Russian words unless it is a name', () => {
  const names = new Set(['product.name', 'product.title', 'preferences.languages.en', 'range.span', 'range.refusedParameter']);
  const isName = (key: string) => names.has(key) || /^(health\.checks\.(openrouter|telegram)|overview\.users\.[dwm]au)$/.test(key);
  expect(LANGUAGES.ru.filter(([key, text]) => !isName(key) && !/[а-яё]/i.test(text))).toEqual([]);
});
