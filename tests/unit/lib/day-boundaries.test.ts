import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketStarts, localDate } from '#server/lib/time-buckets.ts';

const BUCKETS = ['5min', 'hour', 'day', 'week', 'month'] as const;
const ZONES = Intl.supportedValuesOf('timeZone');
const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that the platform itself gives. */
function platformDate(at: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return format.format(at);
}

const instant = fc.date({ min: new Date('2001-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
const zone = fc.constantFrom(...ZONES);

describe('days of a time zone', () => {
  it('are those of the platform, for every zone there is', () => {
    fc.assert(fc.property(instant, zone, (at, timeZone) => localDate(at, timeZone) === platformDate(at, timeZone)), { numRuns: 3_000 });
  });

  it('begin where the date changes and nowhere else: every instant of a bucket has the date of its start', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 20 * 86_400_000 }), zone, (from, lengthMs, timeZone) => {
        const to = new Date(from.getTime() + lengthMs);
        const starts = bucketStarts(from, to, 'day', timeZone);
        for (const [index, start] of starts.entries()) {
          const lastMs = (starts[index + 1] ?? to).getTime() - 1;
          const date = platformDate(start, timeZone);
          if (index > 0) expect(platformDate(new Date(start.getTime() - 1), timeZone), timeZone).not.toBe(date);
          expect(platformDate(new Date(lastMs), timeZone), timeZone).toBe(date);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a midnight that does not exist', 'America/Sao_Paulo', ['2018-11-03T03:00:00Z', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'], '2018-11-06T02:00:00Z'],
    ['a day that was left out', 'Pacific/Apia', ['2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'], '2011-12-31T10:00:00Z'],
    ['a change of half an hour', 'Australia/Lord_Howe', ['2026-04-03T13:00:00Z', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'], '2026-04-06T13:30:00Z'],
  ])('are right around %s', (_what, timeZone, expected, to) => {
    expect(bucketStarts(new Date(expected[0] ?? ''), new Date(to), 'day', timeZone)).toEqual(expected.map((start) => new Date(start)));
  });
});

describe('buckets', () => {
  it('of a range that is cut in two are those of the whole, and the cut', () => {
    const length = fc.integer({ min: 2, max: 5 * 86_400_000 });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(instant, length, part, zone, fc.constantFrom(...BUCKETS), (from, lengthMs, share, timeZone, bucket) => {
        const to = new Date(from.getTime() + lengthMs);
        const cut = new Date(from.getTime() + Math.max(1, Math.floor((lengthMs - 1) * share)));
        const times = (a: Date, b: Date) => bucketStarts(a, b, bucket, timeZone).map((start) => start.getTime());
        expect([...new Set([...times(from, cut), ...times(cut, to)])]).toEqual([...new Set([...times(from, to), cut.getTime()])].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it('of hours are 24 in a day without a change of the clock, and begin with it', () => {
    for (const timeZone of ['UTC', 'Europe/Moscow', 'Asia/Tokyo']) {
      const starts = bucketStarts(new Date('2026-11-01T00:00:00Z'), new Date('2026-11-02T00:00:00Z'), 'hour', timeZone);
      expect(starts.map((start) => start.getTime())).toEqual(Array.from({ length: 24 }, (_, hour) => Date.UTC(2026, 10, 1, hour)));
    }
  });

  it('of a range of one millisecond is one', () => {
    expect(bucketStarts(new Date(5), new Date(6), 'hour', 'UTC')).toEqual([new Date(5)]);
  });
});
