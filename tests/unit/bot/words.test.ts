import { FluentResource } from '@fluent/bundle';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createTranslations, LOCALES } from '#server/bot/translations.ts';
import { formatDate } from '#server/bot/format-date.ts';
import { MESSAGE_UNITS_MAX } from '#server/bot/text/split-message.ts';
import { BUDGET_ACTIONS, REFUSING_ACTIONS } from '#server/contracts/budgets.ts';
import { LANGUAGES, type Language } from '#server/contracts/vocabulary.ts';

/** A logger that keeps what is wrong with texts. */
function listen() {
  const lines: string[] = [];
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) };
}

/** Of every variable a value as the features give one. */
const VALUES = {
  sign: '♌ Leo', date: '1990-05-17', newDate: '1990-05-18', count: 3, formatted: '3', card: 'The Star', time: '14:30', place: 'Kazan', username: 'a_bot',
  days: 30, stars: 250, questionChars: 1_000, freeQuestionChars: 500, chargeId: '8250',
};
const keys = new FluentResource(LOCALES.en).body.map(({ id }) => id);
const { lines, logger } = listen();
const translations = createTranslations(logger);
const each = LANGUAGES.flatMap((language) => keys.map((key): [Language, string] => [language, key]));
const say = (language: Language, key: string) => translations.t(language, key, VALUES);

/** Texts that are made of signs and variables alone. */
const WITHOUT_WORDS = new Set(['horoscope-title', 'tarot-upright', 'natal-born']);

describe('every text of the bot', () => {
  test.each(each)('is complete in %s: %s', (language, key) => {
    lines.length = 0;
    const text = say(language, key);
    expect(lines).toEqual([]);
    expect(text).not.toMatch(/[{}$]/);
    expect(text.trim()).toBe(text);
    expect(text.length).toBeLessThanOrEqual(MESSAGE_UNITS_MAX / 4);
  });

  test('is written in the letters of its language', () => {
    for (const key of keys.filter((key) => !WITHOUT_WORDS.has(key))) {
      const english = translations.t('en', key, { ...VALUES, sign: '', card: '', place: '' });
      expect([key, english]).toEqual([key, expect.not.stringMatching(/\p{Script=Cyrillic}/u)]);
      const words = translations.t('ru', key, { ...VALUES, sign: '', card: '', place: '' }).replace(/\/[a-z]+|@\w+/g, '');
      expect([key, words]).toEqual([key, expect.stringMatching(/\p{Script=Cyrillic}/u)]);
      expect([key, words]).toEqual([key, expect.not.stringMatching(/[a-z]/i)]);
    }
  });

  test('that stands in an empty input field fits into 64 characters', () => {
    for (const language of LANGUAGES) {
      for (const key of keys.filter((key) => key.endsWith('-placeholder'))) expect(say(language, key).length).toBeLessThanOrEqual(64);
    }
  });

  test('that offers commands offers the same ones in both languages', () => {
    const commandsIn = (text: string) => text.match(/\/[a-z]+/g) ?? [];
    for (const key of keys) expect([key, commandsIn(say('ru', key))]).toEqual([key, commandsIn(say('en', key))]);
  });
});

test('every step of a budget that refuses has its own words, which say when readings go on', () => {
  const textOf = (language: Language, action: string) => say(language, `limit-${action.replaceAll('_', '-')}`);
  for (const language of LANGUAGES) {
    expect(new Set(REFUSING_ACTIONS.map((action) => textOf(language, action))).size).toBe(REFUSING_ACTIONS.length);
    for (const action of REFUSING_ACTIONS) expect(textOf(language, action)).toContain(VALUES.date);
  }
  expect(BUDGET_ACTIONS.filter((action) => keys.includes(`limit-${action.replaceAll('_', '-')}`)).sort()).toEqual([...REFUSING_ACTIONS].sort());
});

test('a text that nobody wrote is shown as its key and logged', () => {
  const { lines: warnings, logger: own } = listen();
  expect(createTranslations(own).t('ru', 'no-such-text')).toBe('{no-such-text}');
  expect(warnings.join()).toContain('text is missing');
});

test('a variable that is not given leaves the rest of the text readable, and is logged', () => {
  const { lines: warnings, logger: own } = listen();
  expect(createTranslations(own).t('en', 'sign-saved')).toContain("I'll remember.");
  expect(warnings.join()).toContain('text is incomplete');
});

test('a value is shown as it is, whatever it holds', () => {
  for (const value of ['{ $date }', '<b>x</b>', '{"a"}', '🔮 \\u0041', '']) expect(translations.t('en', 'tarot-reversed', { card: value })).toBe(`${value} (reversed)`);
});

test('the days around a new year and a leap day are written with their own year and month', () => {
  expect(['2027-12-31', '2028-01-01', '2028-02-29'].map((day) => formatDate(day, 'en'))).toEqual(['December 31, 2027', 'January 1, 2028', 'February 29, 2028']);
  expect(['2027-12-31', '2028-02-29'].map((day) => formatDate(day, 'ru').replace(/\s/g, ' '))).toEqual(['31 декабря 2027 г.', '29 февраля 2028 г.']);
});
