import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BUCKETS, RangeInput } from '#server/contracts/time-range.ts';
import { comparisonRange } from '#server/services/reports/comparison-range.ts';
import { resolveRange } from '#server/services/reports/resolve-range.ts';
import { instantArbitrary, platformClock, zoneArbitrary } from '#tests/support/zones.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Friday. */
const NOW = new Date('2026-11-20T12:34:56.789Z');
/** March less February, a day that was left out, and an hour at either end. */
const DIFFERENCE_MS_MAX = 4 * DAY_MS + 2 * HOUR_MS;
/** After every range that is made up. */
const LATER = new Date('2040-01-01T00:00:00Z');

function compare(input: RangeInput, kind: 'previous' | 'year', timeZone = 'UTC', now = NOW) {
  const range = resolveRange(RangeInput.parse(input), { now, timeZone });
  return { range, compared: comparisonRange(range, kind) };
}

function spanOf(input: RangeInput, kind: 'previous' | 'year', timeZone = 'UTC', now = NOW) {
  const { compared } = compare(input, kind, timeZone, now);
  return [compared.from.toISOString(), compared.to.toISOString()];
}

const rangeArbitrary = fc
  .record({ at: instantArbitrary, hours: fc.double({ min: 0.01, max: 33 * 24, noNaN: true }), bucket: fc.constantFrom('hour', 'day', 'week', 'month'), zone: zoneArbitrary, later: fc.integer({ min: -40, max: 40 }) })
  .map(({ at, hours, bucket, zone, later }) => {
    const to = new Date(at.getTime() + Math.ceil(hours * HOUR_MS));
    return { input: RangeInput.parse({ from: at.toISOString(), to: to.toISOString(), bucket }), zone, now: new Date(to.getTime() + later * DAY_MS) };
  });

/** Samoa had no 30 December 2011: near it, not every date has a counterpart, nor has an hour that a clock left out. */
function isLeftOut(zone: string, from: Date, compared: Date): boolean {
  return zone === 'Pacific/Apia' && [from, compared].some((at) => Math.abs(at.getTime() - Date.UTC(2011, 11, 30)) < 200 * DAY_MS);
}

/** Whether the platform's clock goes on by more than a second in the second before an instant. */
function isWhereClockJumps(at: Date, zone: string): boolean {
  const [before, after] = [new Date(at.getTime() - 1_000), at].map((one) => platformClock(one, zone)).map(({ date, time }) => Date.parse(`${date}T${time}Z`));
  return (after ?? 0) - (before ?? 0) > 1_000;
}

describe('the previous period', () => {
  it.each([
    ['24 hours: the 24 before', { range: '24h' }, '2026-11-18T12:34:56.789Z', '2026-11-19T12:34:56.789Z'],
    ['7 days: the week before', { range: '7d' }, '2026-11-06T12:34:56.789Z', '2026-11-13T12:34:56.789Z'],
    ['30 days: five weeks earlier, so that weekdays meet', { range: '30d' }, '2026-09-16T12:34:56.789Z', '2026-10-16T12:34:56.789Z'],
    ['two hours: the two before', { from: '2026-11-10T10:00:00Z', to: '2026-11-10T12:00:00Z' }, '2026-11-10T08:00:00.000Z', '2026-11-10T10:00:00.000Z'],
    ['a day by hours: the day before', { from: '2026-11-10', to: '2026-11-10' }, '2026-11-09T00:00:00.000Z', '2026-11-10T00:00:00.000Z'],
    ['a day as a whole: that weekday a week before', { from: '2026-11-10', to: '2026-11-10', bucket: 'day' }, '2026-11-03T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
    ['weeks: as many weeks before', { from: '2026-11-02', to: '2026-11-15', bucket: 'week' }, '2026-10-19T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
    ['a month: the month before', { from: '2026-10-01', to: '2026-10-31', bucket: 'month' }, '2026-09-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z'],
    ['a quarter: the quarter before', { from: '2026-07-01', to: '2026-09-30', bucket: 'month' }, '2026-04-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
    ['parts of two months: as many months before', { from: '2026-09-15', to: '2026-10-20', bucket: 'month' }, '2026-07-15T00:00:00.000Z', '2026-08-21T00:00:00.000Z'],
  ] as const)('of %s', (_name, input, from, to) => {
    expect(spanOf(input, 'previous')).toEqual([from, to]);
  });

  it('of days keeps local clock times where the clock was turned in between', () => {
    expect(spanOf({ from: '2026-10-26', to: '2026-11-01' }, 'previous', 'Europe/Berlin')).toEqual(['2026-10-18T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(spanOf({ from: '2026-03-29', to: '2026-03-29' }, 'previous', 'Europe/Berlin')).toEqual(['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z']);
  });

  it('of days that begin or end at a midnight that the clock leaves out is whole days', () => {
    expect(spanOf({ from: '2026-09-04', to: '2026-09-05', bucket: 'day' }, 'previous', 'America/Santiago')).toEqual(['2026-08-28T04:00:00.000Z', '2026-08-30T04:00:00.000Z']);
    expect(spanOf({ from: '2026-09-06', to: '2026-09-06', bucket: 'day' }, 'previous', 'America/Santiago')).toEqual(['2026-08-30T04:00:00.000Z', '2026-08-31T04:00:00.000Z']);
    expect(spanOf({ from: '2026-09-06', to: '2026-09-06', bucket: 'hour' }, 'previous', 'America/Santiago')).toEqual(['2026-09-05T04:00:00.000Z', '2026-09-06T04:00:00.000Z']);
  });

  it('of a moment in which the clock goes back, to before where it began, is that moment a week before', () => {
    const input = { from: '2026-11-01T04:59:59Z', to: '2026-11-01T05:00:36Z', bucket: 'day' } as const;
    expect(spanOf(input, 'previous', 'America/Havana')).toEqual(['2026-10-25T04:59:59.000Z', '2026-10-25T05:00:36.000Z']);
  });

  it('of a rolling week in which the clock goes forward is still the week before it', () => {
    expect(spanOf({ range: '7d' }, 'previous', 'Europe/Berlin', new Date('2026-04-01T10:00:00Z'))).toEqual(['2026-03-18T10:00:00.000Z', '2026-03-25T10:00:00.000Z']);
  });

  it('never overlaps the range, is never empty, and is longer only by what months and clocks differ', () => {
    fc.assert(
      fc.property(rangeArbitrary, ({ input, zone, now }) => {
        const { range, compared } = compare(input, 'previous', zone, now);
        expect(compared.to.getTime()).toBeLessThanOrEqual(range.from.getTime());
        expect(compared.to.getTime()).toBeGreaterThan(compared.from.getTime());
        expect(compared.to.getTime() - compared.from.getTime()).toBeLessThanOrEqual(range.to.getTime() - range.from.getTime() + DIFFERENCE_MS_MAX);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of days or weeks begins on the same weekday at the same time on the clock, or where the clock goes on when it left that time out', () => {
    fc.assert(
      fc.property(rangeArbitrary, fc.constantFrom('day' as const, 'week' as const), ({ input, zone }, bucket) => {
        const { range, compared } = compare({ ...input, bucket }, 'previous', zone, LATER);
        if (isLeftOut(zone, range.from, compared.from)) return;
        const [here, there] = [platformClock(range.from, zone), platformClock(compared.from, zone)];
        expect(there.weekday).toBe(here.weekday);
        if (there.time !== here.time) expect([compared.from, range.from].some((at) => isWhereClockJumps(at, zone)), `${zone} ${range.from.toISOString()}`).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of whole days has days that meet those of the range, weekday by weekday', () => {
    fc.assert(
      fc.property(instantArbitrary, fc.integer({ min: 0, max: 90 }), zoneArbitrary, (at, days, zone) => {
        const first = platformClock(at, zone).date;
        const last = new Date(Date.parse(first) + days * DAY_MS).toISOString().slice(0, 10);
        const { range, compared } = compare({ from: first, to: last, bucket: 'day' }, 'previous', zone, LATER);
        if (isLeftOut(zone, range.from, compared.from)) return;
        expect(compared.starts).toHaveLength(range.starts.length);
        for (const [index, start] of range.starts.entries()) {
          const other = platformClock(compared.starts[index] ?? NOW, zone);
          expect(other.weekday, `${zone} ${start.toISOString()}`).toBe(platformClock(start, zone).weekday);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the same period a year ago', () => {
  it.each([
    ['24 hours', { range: '24h' }, '2025-11-19T12:34:56.789Z', '2025-11-20T12:34:56.789Z'],
    ['whole days', { from: '2026-11-02', to: '2026-11-04' }, '2025-11-02T00:00:00.000Z', '2025-11-05T00:00:00.000Z'],
  ] as const)('has the same dates and times: %s', (_name, input, from, to) => {
    expect(spanOf(input, 'year')).toEqual([from, to]);
  });

  it.each([
    ['a 29 February', '2028-02-29', '2028-02-29', '2027-02-28T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
    ['the 28 February before it', '2028-02-28', '2028-02-28', '2027-02-28T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
    ['a leap February', '2028-02-01', '2028-02-29', '2027-02-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
    ['a February before a leap year', '2029-02-01', '2029-02-28', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ])('of %s leaves no day of the other year out', (_name, first, last, from, to) => {
    expect(spanOf({ from: first, to: last }, 'year', 'UTC', new Date('2030-01-01T00:00:00Z'))).toEqual([from, to]);
  });

  it('is found by the clock, not by the length', () => {
    expect(spanOf({ from: '2026-03-28', to: '2026-03-29' }, 'year', 'Europe/Berlin')).toEqual(['2025-03-27T23:00:00.000Z', '2025-03-29T23:00:00.000Z']);
  });

  it('begins at the same date and time on the clock', () => {
    fc.assert(
      fc.property(rangeArbitrary, ({ input, zone, now }) => {
        const { range, compared } = compare(input, 'year', zone, now);
        const [here, there] = [platformClock(range.from, zone), platformClock(compared.from, zone)];
        const date = here.date.endsWith('02-29') ? here.date.replace('02-29', '02-28') : here.date;
        if (isLeftOut(zone, range.from, compared.from)) return;
        expect([Number(there.date.slice(0, 4)), there.date.slice(4)]).toEqual([Number(date.slice(0, 4)) - 1, date.slice(4)]);
        expect(compared.to.getTime()).toBeGreaterThan(compared.from.getTime());
      }),
      { numRuns: 1_000 },
    );
  });
});

test('a comparison has the bucket and the time zone of the range, and its own starts', () => {
  for (const bucket of BUCKETS) {
    const { range, compared } = compare({ range: '24h', bucket }, 'previous', 'Asia/Kolkata');
    expect(compared).toMatchObject({ preset: null, bucket, timeZone: 'Asia/Kolkata' });
    expect(compared.starts[0]).toEqual(compared.from);
    if (bucket === '5min' || bucket === 'hour') expect(compared.starts.map((start) => start.getTime() + DAY_MS)).toEqual(range.starts.map((start) => start.getTime()));
  }
});

test('a partial today is compared with the same part of the day before, not with all of it', () => {
  expect(spanOf({ from: '2026-11-20', to: '2026-11-20' }, 'previous')).toEqual(['2026-11-19T00:00:00.000Z', '2026-11-19T12:34:56.789Z']);
  expect(spanOf({ from: '2026-11-16', to: '2026-11-22' }, 'previous')).toEqual(['2026-11-09T00:00:00.000Z', '2026-11-13T12:34:56.789Z']);
  expect(spanOf({ from: '2026-11-01', to: '2026-11-30', bucket: 'month' }, 'previous')).toEqual(['2026-10-01T00:00:00.000Z', '2026-10-20T12:34:56.789Z']);
  expect(spanOf({ from: '2026-11-20', to: '2026-11-20' }, 'year')).toEqual(['2025-11-20T00:00:00.000Z', '2025-11-20T12:34:56.789Z']);
});

test('a range that is all to come is compared as a whole', () => {
  expect(spanOf({ from: '2026-12-01', to: '2026-12-01' }, 'previous')).toEqual(['2026-11-30T00:00:00.000Z', '2026-12-01T00:00:00.000Z']);
});
