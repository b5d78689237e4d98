import { expect, test } from 'vitest';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';
import { createPeople, HABITS } from '#server/sandbox/crowd/people.ts';
import { meanGapMsOf } from '#server/sandbox/crowd/run-crowd.ts';

test('a seed always makes the same people, and more people do not change the first', () => {
  expect(createPeople(1, 40)).toEqual(createPeople(1, 40));
  expect(createPeople(1, 100).slice(0, 40)).toEqual(createPeople(1, 40));
  expect(createPeople(2, 40)).not.toEqual(createPeople(1, 40));
});

test('everybody has an id of their own, beyond 32 bits', () => {
  const ids = createPeople(1, 500).map(({ person }) => person.id);
  expect(new Set(ids).size).toBe(500);
  expect(Math.min(...ids)).toBe(7_000_000_000);
});

test('both languages and every habit occur, and a name fits the language', () => {
  const people = createPeople(1, 1_000);
  const russianShare = people.filter(({ language }) => language === 'ru').length / people.length;
  expect(russianShare).toBeGreaterThan(0.5);
  expect(russianShare).toBeLessThan(0.7);
  expect(new Set(people.map(({ habit }) => habit))).toEqual(new Set(HABITS));
  for (const { language, person, birthPlace } of people) {
    expect(/^[А-Я]/u.test(person.firstName)).toBe(language === 'ru');
    expect(/^[А-Я]/u.test(birthPlace)).toBe(language === 'ru');
  }
});

test('some clients are set to a language that the bot does not speak', () => {
  const codes = new Set(createPeople(1, 1_000).map(({ person }) => person.languageCode));
  expect([...codes]).toEqual(expect.arrayContaining(['ru', 'en', 'de', 'uk', 'en-gb']));
});

test('everybody was born on a real day, long enough ago', () => {
  for (const { birthDate, birthTime, sign, weight } of createPeople(3, 500)) {
    const date = new Date(Date.UTC(birthDate.year, birthDate.month - 1, birthDate.day));
    expect(date.getUTCDate()).toBe(birthDate.day);
    expect(birthDate.year).toBeLessThan(2010);
    expect(sign).toBe(zodiacSignOf(date.toISOString().slice(0, 10)));
    expect(birthTime.hour).toBeLessThan(24);
    expect(birthTime.minute).toBeLessThan(60);
    expect(weight).toBeGreaterThan(0);
  }
});

test('forty people give a message about every four seconds, and twice the rate halves it', () => {
  expect(meanGapMsOf(40, 1)).toBe(4_000);
  expect(meanGapMsOf(40, 2)).toBe(2_000);
  expect(meanGapMsOf(400, 1)).toBe(400);
});
