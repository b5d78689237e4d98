import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketStarts, localDate } from '#server/lib/time-buckets.ts';

const ZONES = ['UTC', 'Europe/Moscow', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Sao_Paulo'];
const starts = (from: string, to: string, bucket: 'hour' | 'day', zone: string) =>
  bucketStarts(new Date(from), new Date(to), bucket, zone).map((start) => start.toISOString());

test('a spring day of 23 hours is one bucket', () => {
  expect(starts('2026-03-08T05:00:00Z', '2026-03-10T04:00:00Z', 'day', 'America/New_York')).toEqual(['2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z']);
});

test('an autumn day of 25 hours is one bucket', () => {
  expect(starts('2026-11-01T04:00:00Z', '2026-11-03T05:00:00Z', 'day', 'America/New_York')).toEqual(['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']);
});

test('hours of a half-hour zone begin at the half hour', () => {
  expect(starts('2026-11-01T04:00:00Z', '2026-11-01T06:00:00Z', 'hour', 'Asia/Kolkata')).toEqual([
    '2026-11-01T04:00:00.000Z',
    '2026-11-01T04:30:00.000Z',
    '2026-11-01T05:30:00.000Z',
  ]);
});

test('the local date is that of the zone', () => {
  expect(localDate(new Date('2026-11-01T22:30:00Z'), 'Europe/Moscow')).toBe('2026-11-02');
});

test('buckets begin at the start of the range, ascend, end before its end, and no day is longer than 25 hours, no hour than 2', () => {
  const from = fc.date({ min: new Date('2001-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(from, fc.integer({ min: 1, max: 40 * 86_400_000 }), fc.constantFrom(...ZONES), fc.constantFrom('hour' as const, 'day' as const), (at, ms, zone, bucket) => {
      const to = new Date(at.getTime() + ms);
      const times = bucketStarts(at, to, bucket, zone).map((start) => start.getTime());
      const ends = [...times.slice(1), to.getTime()];
      return times[0] === at.getTime() && times.every((time, index) => {
        const length = (ends[index] ?? 0) - time;
        return length > 0 && length <= (bucket === 'hour' ? 2 : 25) * 3_600_000;
      });
    }),
    { numRuns: 200 },
  );
});
