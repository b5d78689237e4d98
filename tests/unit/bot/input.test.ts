import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBirthDate } from '#server/bot/input/parse-birth-date.ts';
import { parseBirthTime } from '#server/bot/input/parse-birth-time.ts';

const TODAY = '2026-11-24';

describe('a birth date', () => {
  test.each(['1990-05-17', '17.05.1990', '17/05/1990', ' 17-5-1990 ', '1990.5.17', '17 May 1990', '17th of May, 1990', 'May 17, 1990', 'may 17 1990', '17 мая 1990', '17 Мая 1990 года', '17 май 1990'])('is read from %j', (text) => {
    expect(parseBirthDate(text, TODAY)).toEqual({ status: 'ok', date: '1990-05-17' });
  });

  test.each([
    ['yesterday', 'unreadable'],
    ['', 'unreadable'],
    ['17.05.90', 'unreadable'],
    ['1990-05-17T10:00', 'unreadable'],
    ['17 Marble 199', 'unreadable'],
    ['17 Smarch 1990', 'unreadable'],
    ['17 May', 'unreadable'],
    ['31 June 1990', 'impossible'],
    ['30 февраля 1990', 'impossible'],
    ['1990-02-30', 'impossible'],
    ['31.04.1990', 'impossible'],
    ['2023-02-29', 'impossible'],
    ['0000-01-01', 'impossible'],
    ['1990-13-01', 'impossible'],
    ['1990-00-10', 'impossible'],
    ['2026-11-25', 'future'],
    ['1899-12-31', 'too_old'],
  ])('%j is refused as %s', (text, status) => {
    expect(parseBirthDate(text, TODAY)).toEqual({ status });
  });

  test('today and leap days are dates', () => {
    expect(parseBirthDate(TODAY, TODAY)).toEqual({ status: 'ok', date: TODAY });
    expect(parseBirthDate('29.02.2000', TODAY)).toEqual({ status: 'ok', date: '2000-02-29' });
  });

  test('every day of the last century is read in both orders', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-11-24'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const date = day.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = date.split('-');
        expect(parseBirthDate(date, TODAY)).toEqual({ status: 'ok', date });
        expect(parseBirthDate(`${dayOfMonth}.${month}.${year}`, TODAY)).toEqual({ status: 'ok', date });
      }),
    );
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseBirthDate(text, TODAY)));
  });
});

describe('a birth time', () => {
  test.each([
    ['14:30', '14:30'],
    ['9:05', '09:05'],
    ['09.05', '09:05'],
    ['1430', '14:30'],
    [' 0:00 ', '00:00'],
    ['23 59', '23:59'],
  ])('%j is %s', (text, time) => {
    expect(parseBirthTime(text)).toBe(time);
  });

  test.each(['24:00', '12:60', 'noon', '', '12', '1:2', '12:30:15'])('%j is none', (text) => {
    expect(parseBirthTime(text)).toBeNull();
  });
});
