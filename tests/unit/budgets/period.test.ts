import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDate } from '#server/lib/time-buckets.ts';
import { nextPeriodDate, periodDateOf } from '#server/services/budgets/period.ts';

test('a day, a week and a month begin where the reporting time zone says', () => {
  const at = new Date('2026-11-30T22:30:00Z');
  expect([periodDateOf(at, 'day', 'UTC'), periodDateOf(at, 'day', 'Europe/Moscow')]).toEqual(['2026-11-30', '2026-12-01']);
  expect([periodDateOf(at, 'month', 'UTC'), periodDateOf(at, 'month', 'Europe/Moscow')]).toEqual(['2026-11-01', '2026-12-01']);
  // 30 November 2026 is a Monday.
  expect([periodDateOf(at, 'week', 'UTC'), periodDateOf(new Date('2026-11-29T12:00:00Z'), 'week', 'UTC')]).toEqual(['2026-11-30', '2026-11-23']);
});

test.each([
  ['2026-12-31', 'day', '2027-01-01'],
  ['2028-02-28', 'day', '2028-02-29'],
  ['2026-12-28', 'week', '2027-01-04'],
  ['2026-01-01', 'month', '2026-02-01'],
  ['2026-12-01', 'month', '2027-01-01'],
  ['2028-02-01', 'month', '2028-03-01'],
] as const)('after %s the next %s begins on %s', (date, period, next) => {
  expect(nextPeriodDate(date, period)).toBe(next);
});

test('property: every instant lies in its period and before the next, in any time zone', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Moscow', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Pacific/Chatham');
  const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, zones, fc.constantFrom('day' as const, 'week' as const, 'month' as const), (at, zone, period) => {
      const today = localDate(at, zone);
      const first = periodDateOf(at, period, zone);
      expect(first <= today && today < nextPeriodDate(first, period)).toBe(true);
      expect(periodDateOf(at, period, zone)).toBe(first);
    }),
  );
});
