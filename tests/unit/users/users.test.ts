import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { planOf } from '#server/services/users/types.ts';
import { languageOf } from '#server/services/users/upsert-users.ts';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';

describe('the zodiac sign of a birth date', () => {
  test.each([
    ['1990-01-01', 'capricorn'],
    ['1990-01-19', 'capricorn'],
    ['1990-01-20', 'aquarius'],
    ['1990-02-19', 'pisces'],
    ['1990-03-20', 'pisces'],
    ['1990-03-21', 'aries'],
    ['1990-04-20', 'taurus'],
    ['1990-05-21', 'gemini'],
    ['1990-06-21', 'cancer'],
    ['1990-07-23', 'leo'],
    ['1990-08-23', 'virgo'],
    ['1990-09-23', 'libra'],
    ['1990-10-23', 'scorpio'],
    ['1990-11-22', 'sagittarius'],
    ['1990-12-21', 'sagittarius'],
    ['1990-12-22', 'capricorn'],
    ['1990-12-31', 'capricorn'],
  ])('%s is %s', (date, sign) => {
    expect(zodiacSignOf(date)).toBe(sign);
  });

  test('changes twelve times a year, in the order of the zodiac', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2026 }), (year) => {
        const signs: string[] = [];
        for (let day = Date.UTC(year, 2, 21); day < Date.UTC(year + 1, 2, 21); day += 86_400_000) {
          const sign = zodiacSignOf(new Date(day).toISOString().slice(0, 10));
          if (signs.at(-1) !== sign) signs.push(sign);
        }
        expect(signs).toEqual(ZODIAC_SIGNS);
      }),
      { numRuns: 20 },
    );
  });
});

test('Russian is for who uses Telegram in Russian, English for everybody else', () => {
  expect(['ru', 'ru-RU', 'RU'].map(languageOf)).toEqual(['ru', 'ru', 'ru']);
  expect(['en', 'uk', 'rup', 'pt-br', '', null].map(languageOf)).toEqual(['en', 'en', 'en', 'en', 'en', 'en']);
});

test('premium lasts until its end, not through it', () => {
  const at = new Date('2026-11-24T00:00:00Z');
  expect(planOf({ premiumUntil: null }, at)).toBe('free');
  expect(planOf({ premiumUntil: at }, at)).toBe('free');
  expect(planOf({ premiumUntil: new Date(at.getTime() + 1) }, at)).toBe('premium');
});
