import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endLocalMs, fromLocalMs, minusMonths, startLocalMs, startOfDay, toLocalMs } from '#server/lib/local-clock.ts';
import { instantArbitrary, platformClock, zoneArbitrary } from '#tests/support/zones.ts';

const DAY_MS = 86_400_000;
const local = (text: string) => Date.parse(`${text}Z`);
const shown = (localMs: number) => new Date(localMs).toISOString().slice(0, 16);

test('a local time is what the clock of the platform shows', () => {
  fc.assert(
    fc.property(instantArbitrary, zoneArbitrary, (at, zone) => {
      const { date, time } = platformClock(at, zone);
      expect(new Date(toLocalMs(at, zone)).toISOString().slice(0, 19)).toBe(`${date}T${time}`);
    }),
    { numRuns: 1_000 },
  );
});

test('a local time comes back as the first instant at which clocks show it', () => {
  fc.assert(
    fc.property(instantArbitrary, zoneArbitrary, (at, zone) => {
      const back = fromLocalMs(toLocalMs(at, zone), zone);
      expect(toLocalMs(back, zone)).toBe(toLocalMs(at, zone));
      expect(back.getTime()).toBeLessThanOrEqual(at.getTime());
    }),
    { numRuns: 1_000 },
  );
});

test('a later local time is never an earlier instant', () => {
  fc.assert(
    fc.property(instantArbitrary, zoneArbitrary, fc.integer({ min: 0, max: 3 * DAY_MS }), (at, zone, ms) => {
      const localMs = at.getTime();
      return fromLocalMs(localMs, zone) <= fromLocalMs(localMs + ms, zone);
    }),
    { numRuns: 1_000 },
  );
});

test('a day begins where the platform names it first', () => {
  fc.assert(
    fc.property(instantArbitrary, zoneArbitrary, (at, zone) => {
      const { date } = platformClock(at, zone);
      const start = startOfDay(date, zone);
      expect(platformClock(start, zone).date).toBe(date);
      expect(platformClock(new Date(start.getTime() - 1), zone).date < date).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['the hour that the clock leaves out', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  ['a midnight that the clock leaves out', '2026-09-06T00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['the day that the calendar left out', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ['an hour that the clock shows twice', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
])('%s is the first instant from which it is past', (_what, text, zone, instant) => {
  expect(fromLocalMs(local(text), zone).toISOString()).toBe(instant);
});

test.each([
  ['a midnight that the clock leaves out', '2026-09-06T04:00:00Z', 'America/Santiago', '2026-09-06T00:00', '2026-09-06T00:00'],
  ['the day after one that was left out', '2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31T00:00', '2011-12-30T00:00'],
  ['an hour that the clock leaves out by day', '2026-03-08T07:00:00Z', 'America/New_York', '2026-03-08T03:00', '2026-03-08T02:00'],
  ['an hour that the clock shows again', '2026-11-01T06:00:00Z', 'America/New_York', '2026-11-01T01:00', '2026-11-01T02:00'],
  ['any other time', '2026-11-10T06:00:00Z', 'America/New_York', '2026-11-10T01:00', '2026-11-10T01:00'],
])('%s: where a range that begins there begins, and where one that ends there ends', (_what, instant, zone, start, end) => {
  expect([startLocalMs(new Date(instant), zone), endLocalMs(new Date(instant), zone)].map(shown)).toEqual([start, end]);
});

test('the last day of a month is followed by the first of the next', () => {
  expect(startOfDay('2026-12-31', 'Europe/Moscow', 1).toISOString()).toBe('2026-12-31T21:00:00.000Z');
});

test.each([
  ['2026-11-15T13:45', 1, '2026-10-15T13:45'],
  ['2026-01-15T13:45', 1, '2025-12-15T13:45'],
  ['2028-02-29T13:45', 12, '2027-02-28T13:45'],
  ['2026-03-31T00:00', 1, '2026-02-28T00:00'],
  ['2026-03-01T00:00', 1, '2026-02-01T00:00'],
])('%s less %i months is %s for the start of a range', (text, months, expected) => {
  expect(shown(minusMonths(local(text), months, 'start'))).toBe(expected);
});

test.each([
  ['2026-12-01T00:00', 1, '2026-11-01T00:00'],
  ['2028-02-29T00:00', 12, '2027-03-01T00:00'],
  ['2026-03-31T00:00', 1, '2026-03-01T00:00'],
  ['2028-02-29T13:45', 12, '2027-02-28T13:45'],
])('%s less %i months is %s for the end of a range', (text, months, expected) => {
  expect(shown(minusMonths(local(text), months, 'end'))).toBe(expected);
});
