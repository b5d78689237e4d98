import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketStarts, localDate, type Bucket } from '#server/lib/time-buckets.ts';
import { instantArbitrary, platformClock, zoneArbitrary } from '#tests/support/zones.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Some fifty buckets of each. */
const LENGTH_MS_MAX: Record<Bucket, number> = { '5min': 4 * HOUR_MS, hour: 2 * DAY_MS, day: 40 * DAY_MS, week: 300 * DAY_MS, month: 400 * DAY_MS };
const BUCKETS = ['5min', 'hour', 'day', 'week', 'month'] as const;

const starts = (from: string, to: string, bucket: Bucket, zone: string) =>
  bucketStarts(new Date(from), new Date(to), bucket, zone).map((start) => start.toISOString());

const rangeArbitrary = fc
  .record({ from: instantArbitrary, bucket: fc.constantFrom(...BUCKETS), zone: zoneArbitrary, share: fc.double({ min: 0.001, max: 1, noNaN: true }) })
  .map(({ from, bucket, zone, share }) => ({ from, to: new Date(from.getTime() + Math.ceil(LENGTH_MS_MAX[bucket] * share)), bucket, zone }));

/** The bucket in which the platform's calendar puts an instant; a Monday stands for its week. */
function platformName(at: Date, bucket: Bucket, zone: string): string {
  const { date, month, hour, minute, weekday } = platformClock(at, zone);
  if (bucket === '5min') return `${date} ${hour} ${Math.floor(minute / 5)}`;
  if (bucket === 'hour') return `${date} ${hour}`;
  if (bucket === 'month') return month;
  const days = bucket === 'week' ? ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday) : 0;
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether the platform's clock begins a bucket at an instant: it names another one, or shows the same full length once more. */
function isPlatformBoundary(at: Date, bucket: Bucket, zone: string): boolean {
  if (platformName(at, bucket, zone) !== platformName(new Date(at.getTime() - 1), bucket, zone)) return true;
  const { minute, time } = platformClock(at, zone);
  return (bucket === 'hour' && time.endsWith(':00:00')) || (bucket === '5min' && minute % 5 === 0 && time.endsWith(':00'));
}

describe('buckets', () => {
  it('begin with the range, rise, end before it and leave no gap', () => {
    fc.assert(
      fc.property(rangeArbitrary, ({ from, to, bucket, zone }) => {
        const times = bucketStarts(from, to, bucket, zone).map((start) => start.getTime());
        expect(times[0]).toBe(from.getTime());
        expect(times.every((time, index) => time < (times[index + 1] ?? to.getTime()))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('begin where the local clock or calendar goes on, by the platform, and nowhere else', () => {
    fc.assert(
      fc.property(rangeArbitrary, ({ from, to, bucket, zone }) => {
        const all = bucketStarts(from, to, bucket, zone);
        for (const [index, start] of all.entries()) {
          const endMs = (all[index + 1] ?? to).getTime();
          if (index > 0) expect(isPlatformBoundary(start, bucket, zone), `${zone} ${bucket} ${start.toISOString()}`).toBe(true);
          for (const ms of [endMs - 1, Math.floor((start.getTime() + endMs) / 2)]) {
            expect(platformName(new Date(ms), bucket, zone), `${zone} ${bucket} ${start.toISOString()}`).toBe(platformName(start, bucket, zone));
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('have the length of their name, but for days and hours in which the clock was turned', () => {
    const longestMs: Record<Bucket, number> = { '5min': HOUR_MS / 12, hour: 1.5 * HOUR_MS, day: 25 * HOUR_MS, week: 7 * DAY_MS + HOUR_MS, month: 31 * DAY_MS + HOUR_MS };
    fc.assert(
      fc.property(rangeArbitrary, ({ from, to, bucket, zone }) => {
        const times = bucketStarts(from, to, bucket, zone).map((start) => start.getTime());
        return times.every((time, index) => (times[index + 1] ?? to.getTime()) - time <= longestMs[bucket]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of hours are 23, 24 and 25 in a day, as the clock is turned', () => {
    const hoursOf = (day: string, next: string, zone: string) => starts(day, next, 'hour', zone).length;
    expect(hoursOf('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 'America/New_York')).toBe(23);
    expect(hoursOf('2026-03-09T04:00:00Z', '2026-03-10T04:00:00Z', 'America/New_York')).toBe(24);
    expect(hoursOf('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 'America/New_York')).toBe(25);
  });

  it('of five minutes go on through an hour that the clock shows twice', () => {
    const all = starts('2026-11-01T05:00:00Z', '2026-11-01T07:00:00Z', '5min', 'America/New_York').map((start) => Date.parse(start));
    expect(all).toEqual(Array.from({ length: 24 }, (_, index) => Date.UTC(2026, 10, 1, 5, index * 5)));
  });

  it('of weeks begin on Mondays, and the first with the range', () => {
    expect(starts('2026-11-04T09:00:00Z', '2026-11-20T00:00:00Z', 'week', 'Europe/Moscow')).toEqual([
      '2026-11-04T09:00:00.000Z', '2026-11-08T21:00:00.000Z', '2026-11-15T21:00:00.000Z',
    ]);
  });

  it('of months begin with them, over the end of a year', () => {
    expect(starts('2026-11-30T21:00:00Z', '2027-02-10T00:00:00Z', 'month', 'Europe/Moscow')).toEqual([
      '2026-11-30T21:00:00.000Z', '2026-12-31T21:00:00.000Z', '2027-01-31T21:00:00.000Z',
    ]);
  });

  it.each([
    ['a spring day of 23 hours', 'America/New_York', ['2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'], '2026-03-10T04:00:00Z'],
    ['an autumn day of 25 hours', 'America/New_York', ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'], '2026-11-03T05:00:00Z'],
    ['a midnight that comes twice', 'America/Havana', ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'], '2026-11-03T05:00:00Z'],
    ['an hour before midnight that comes twice', 'Asia/Beirut', ['2026-10-23T21:00:00.000Z', '2026-10-24T22:00:00.000Z'], '2026-10-25T22:00:00Z'],
    ['a midnight that is left out', 'America/Santiago', ['2026-09-05T04:00:00.000Z', '2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'], '2026-09-08T03:00:00Z'],
  ])('of days are right around %s', (_what, zone, expected, to) => {
    expect(starts(expected[0] ?? '', to, 'day', zone)).toEqual(expected);
  });

  it('of hours begin at the half or the quarter where the zone does', () => {
    expect(starts('2026-11-01T04:00:00Z', '2026-11-01T06:00:00Z', 'hour', 'Asia/Kolkata')).toEqual([
      '2026-11-01T04:00:00.000Z', '2026-11-01T04:30:00.000Z', '2026-11-01T05:30:00.000Z',
    ]);
    expect(starts('2026-11-01T04:00:00Z', '2026-11-01T05:00:00Z', 'hour', 'Asia/Kathmandu')).toEqual(['2026-11-01T04:00:00.000Z', '2026-11-01T04:15:00.000Z']);
  });

  it('are found in less than two milliseconds, be they 800', () => {
    const [from, to] = [new Date('2026-01-05T00:00:00Z'), new Date('2026-02-07T00:00:00Z')];
    bucketStarts(from, to, 'hour', 'America/New_York');
    // The best of ten batches: a process that had to wait for the processor was not slow.
    const batchesMs = Array.from({ length: 10 }, () => {
      const before = performance.now();
      for (let run = 0; run < 10; run += 1) expect(bucketStarts(from, to, 'hour', 'America/New_York')).toHaveLength(792);
      return (performance.now() - before) / 10;
    });
    expect(Math.min(...batchesMs)).toBeLessThan(2);
  });
});

it('the local date is that of the zone', () => {
  expect(localDate(new Date('2026-11-01T22:30:00Z'), 'Europe/Moscow')).toBe('2026-11-02');
});
