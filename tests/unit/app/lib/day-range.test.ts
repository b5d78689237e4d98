import { expect, test } from 'vitest';
import { daysOfRange } from '#app/lib/day-range.ts';

test('a range of whole days gives its days back', () => {
  expect(daysOfRange({ from: '2026-11-02T15:00:00Z', to: '2026-11-05T15:00:00Z', timeZone: 'Asia/Tokyo' })).toEqual({ firstDay: '2026-11-03', lastDay: '2026-11-05' });
});

test('a range within a day is that day, and one over midnight two', () => {
  expect(daysOfRange({ from: '2026-11-02T10:00:00Z', to: '2026-11-02T11:00:00Z', timeZone: 'UTC' })).toEqual({ firstDay: '2026-11-02', lastDay: '2026-11-02' });
  expect(daysOfRange({ from: '2026-11-02T20:30:00Z', to: '2026-11-02T21:30:00Z', timeZone: 'Europe/Moscow' })).toEqual({ firstDay: '2026-11-02', lastDay: '2026-11-03' });
});

test('a day in which the clock is turned is one day', () => {
  expect(daysOfRange({ from: '2026-10-24T22:00:00Z', to: '2026-10-25T23:00:00Z', timeZone: 'Europe/Berlin' })).toEqual({ firstDay: '2026-10-25', lastDay: '2026-10-25' });
});
