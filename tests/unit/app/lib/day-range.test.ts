import { expect, test } from 'vitest';
import { daysOfRange, startOfDay } from '#app/lib/day-range.ts';

test('a day begins at its midnight in the time zone, also where the clock changes', () => {
  expect(startOfDay('2026-11-01', 'UTC')).toBe('2026-11-01T00:00:00.000Z');
  expect(startOfDay('2026-11-01', 'Europe/Moscow')).toBe('2026-10-31T21:00:00.000Z');
  expect(startOfDay('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
  expect(startOfDay('2026-10-25', 'Europe/Berlin', 1)).toBe('2026-10-25T23:00:00.000Z');
});

test('the last day of a month is followed by the first of the next', () => {
  expect(startOfDay('2026-12-31', 'UTC', 1)).toBe('2027-01-01T00:00:00.000Z');
});

test.each([
  ['yesterday', 'UTC'],
  ['2026-13-01', 'UTC'],
  ['2026-11-01', 'Mars/Olympus'],
  ['', ''],
])('%j in %j begins at no instant', (day, timeZone) => {
  expect(startOfDay(day, timeZone)).toBeNull();
});

test('a range of whole days gives its days back', () => {
  const from = startOfDay('2026-11-03', 'Asia/Tokyo') ?? '';
  const to = startOfDay('2026-11-05', 'Asia/Tokyo', 1) ?? '';
  expect(daysOfRange({ from, to, timeZone: 'Asia/Tokyo' })).toEqual({ firstDay: '2026-11-03', lastDay: '2026-11-05' });
});
