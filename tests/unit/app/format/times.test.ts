import { expect, test } from 'vitest';
import { formatClock, formatDay, formatDayTime, formatInstant, formatMonth, formatSecond } from '#app/lib/format/times.ts';

const INSTANT = '2026-11-24T23:05:09.000Z';

test('times are shown in the reporting time zone, not in that of the machine', () => {
  expect(formatClock(INSTANT, 'UTC', 'en')).toBe('23:05:09');
  expect(formatClock(INSTANT, 'Europe/Berlin', 'en')).toBe('00:05:09');
  expect(formatDay(INSTANT, 'UTC', 'en')).toBe('24 Nov');
  expect(formatDay(INSTANT, 'Europe/Berlin', 'en')).toBe('25 Nov');
});

test('midnight is 00, never 24', () => {
  expect(formatClock('2026-11-24T00:00:00Z', 'UTC', 'en')).toBe('00:00:00');
  expect(formatClock('2026-11-24T00:00:00Z', 'UTC', 'ru')).toBe('00:00:00');
});

test('attempts that follow one another are told apart by the second', () => {
  expect(formatSecond(INSTANT, 'UTC', 'en')).toBe('24 Nov, 23:05:09');
  expect(formatSecond(INSTANT, 'Europe/Berlin', 'ru')).toBe('25 нояб., 00:05:09');
});

test('day, time and year in both languages', () => {
  expect(formatDayTime(INSTANT, 'UTC', 'en')).toBe('24 Nov, 23:05');
  expect(formatDayTime(INSTANT, 'UTC', 'ru')).toBe('24 нояб., 23:05');
  expect(formatInstant(INSTANT, 'UTC', 'en')).toBe('24 Nov 2026, 23:05');
  expect(formatMonth(INSTANT, 'UTC', 'en')).toBe('November 2026');
  expect(formatMonth(INSTANT, 'UTC', 'ru')).toBe('ноябрь 2026 г.');
});
