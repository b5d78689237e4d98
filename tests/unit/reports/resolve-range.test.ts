import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { allowedBuckets, BUCKETS, BUCKETS_MAX, RangeInput, ResolvedRange } from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';
import { bucketStarts } from '#server/lib/time-buckets.ts';
import { describeHead, describeRange } from '#server/services/reports/describe-range.ts';
import { resolveRange } from '#server/services/reports/resolve-range.ts';
import { instantArbitrary, platformClock, zoneArbitrary } from '#tests/support/zones.ts';

const NOW = new Date('2026-11-20T12:34:56.789Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const resolve = (input: RangeInput, timeZone = 'UTC', now = NOW) => resolveRange(RangeInput.parse(input), { now, timeZone });
const refusedAs = (input: RangeInput, timeZone = 'UTC') => {
  try {
    resolve(input, timeZone);
  } catch (error) {
    if (!(error instanceof AppError) || !(error.cause instanceof z.ZodError)) throw error;
    const [issue] = error.cause.issues;
    if (issue?.code !== 'custom') throw error;
    return { code: error.code, message: error.message, parameter: issue.path[0], words: issue.message, reason: issue.params?.reason };
  }
  throw new Error('The range was let through.');
};

test.each([
  ['24h', DAY_MS, 'hour'],
  ['7d', 7 * DAY_MS, 'day'],
  ['30d', 30 * DAY_MS, 'day'],
] as const)('%s is a window of exactly that length that ends now, cut by %s', (range, lengthMs, bucket) => {
  const resolved = resolve({ range }, 'America/New_York');
  expect(resolved).toMatchObject({ preset: range, from: new Date(NOW.getTime() - lengthMs), to: NOW, bucket, asOf: NOW });
});

test('nothing at all means seven days', () => {
  expect(resolve({})).toMatchObject({ preset: '7d', from: new Date('2026-11-13T12:34:56.789Z') });
});

test('instants stay as they are, in whatever zone they are written', () => {
  expect(resolve({ from: '2026-11-01T03:00:00+03:00', to: '2026-11-01T02:00:00Z' }, 'Asia/Tokyo')).toMatchObject({
    preset: null, from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-01T02:00:00Z'),
  });
});

test('days are those of the time zone, and the last one belongs to the range', () => {
  expect(resolve({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin')).toMatchObject({
    from: new Date('2026-10-24T22:00:00Z'), to: new Date('2026-10-25T23:00:00Z'), bucket: 'hour',
  });
});

test('a range whose last day the clocks left out ends with the day before it', () => {
  expect(resolve({ from: '2011-12-28', to: '2011-12-30' }, 'Pacific/Apia')).toEqual(resolve({ from: '2011-12-28', to: '2011-12-29' }, 'Pacific/Apia'));
});

test('days begin and end where the platform says', () => {
  fc.assert(
    fc.property(instantArbitrary, fc.integer({ min: 0, max: 50 }), zoneArbitrary, (at, days, zone) => {
      const first = platformClock(at, zone).date;
      const last = platformClock(new Date(at.getTime() + days * DAY_MS), zone).date;
      const { from, to } = resolve({ from: first, to: last, bucket: 'day' }, zone);
      expect([platformClock(from, zone).date, platformClock(new Date(to.getTime() - 1), zone).date]).toEqual([first, last]);
      expect(platformClock(new Date(from.getTime() - 1), zone).date < first && platformClock(to, zone).date > last).toBe(true);
    }),
  );
});

test.each([
  ['3 hours', { from: '2026-11-01T00:00:00Z', to: '2026-11-01T03:00:00Z' }, '5min', 36],
  ['more than 3 hours', { from: '2026-11-01T00:00:00Z', to: '2026-11-01T03:00:01Z' }, 'hour', 4],
  ['two days', { from: '2026-11-01', to: '2026-11-02' }, 'hour', 48],
  ['three days', { from: '2026-11-01', to: '2026-11-03' }, 'day', 3],
  ['92 days', { from: '2026-08-01', to: '2026-10-31' }, 'day', 92],
  ['93 days', { from: '2026-08-01', to: '2026-11-01' }, 'week', 14],
  ['400 days', { from: '2025-10-01', to: '2026-11-04' }, 'week', 58],
] as const)('%s are cut into a number of buckets that can be read', (_name, input, bucket, count) => {
  const { starts, ...range } = resolve(input);
  expect([range.bucket, starts.length]).toEqual([bucket, count]);
});

test('two days in which the clock is turned are cut into hours as any two days', () => {
  expect(resolve({ from: '2026-10-24', to: '2026-10-25' }, 'Europe/Berlin')).toMatchObject({ bucket: 'hour', starts: { length: 49 } });
});

test('the buckets of a range are those of its time zone', () => {
  const { from, to, bucket, timeZone, starts } = resolve({ range: '30d', bucket: 'week' }, 'Asia/Kathmandu');
  expect([bucket, timeZone]).toEqual(['week', 'Asia/Kathmandu']);
  expect(starts).toEqual(bucketStarts(from, to, 'week', 'Asia/Kathmandu'));
});

test('400 local days are allowed, also where clocks were turned back within them', () => {
  expect(resolve({ from: '2026-07-01T04:00:00Z', to: '2027-08-05T04:00:00Z' }, 'America/New_York').to).toEqual(new Date('2027-08-05T04:00:00Z'));
  expect(resolve({ from: '2026-10-01T04:00:00Z', to: '2027-11-05T04:00:00Z' }, 'America/New_York').bucket).toBe('week');
  expect(resolve({ from: '2025-10-20T04:00:00Z', to: '2026-11-24T05:00:00Z' }, 'America/New_York').bucket).toBe('week');
});

test('more than 400 days are refused, by whatever clock', () => {
  const words = { code: 'bad_input', parameter: 'to', reason: 'too_long', words: 'must be at most 400 days after from', message: 'to must be at most 400 days after from' };
  expect(refusedAs({ from: '2025-10-20T04:00:00Z', to: '2026-11-24T04:00:01Z' })).toEqual(words);
  expect(refusedAs({ from: '2025-10-20T04:00:00Z', to: '2026-11-24T05:00:01Z' }, 'America/New_York')).toEqual(words);
});

test('more than 800 buckets are refused, with the buckets that are allowed', () => {
  const words = 'must be one of hour, day, week, month for a range of this length';
  expect(refusedAs({ range: '7d', bucket: '5min' })).toEqual({ code: 'bad_input', parameter: 'bucket', reason: 'too_many_buckets', words, message: `bucket ${words}` });
  expect(refusedAs({ from: '2026-01-01', to: '2026-03-01', bucket: 'hour' }).words).toBe('must be one of day, week, month for a range of this length');
});

test('a day that the calendar left out is refused', () => {
  expect(refusedAs({ from: '2011-12-30', to: '2011-12-30' }, 'Pacific/Apia')).toMatchObject({ parameter: 'from', reason: 'not_after_start' });
  expect(resolve({ from: '2011-12-29', to: '2011-12-31', bucket: 'day' }, 'Pacific/Apia').starts).toHaveLength(2);
});

test('whatever buckets are allowed for a length, there are never more than 800', () => {
  fc.assert(
    fc.property(instantArbitrary, fc.integer({ min: 1, max: 400 * DAY_MS }), zoneArbitrary, (from, lengthMs, zone) => {
      const to = new Date(from.getTime() + lengthMs);
      return allowedBuckets(lengthMs).every((bucket) => bucketStarts(from, to, bucket, zone).length <= BUCKETS_MAX);
    }),
    { numRuns: 500 },
  );
});

test('a range of any length up to 400 days has a bucket, and days, weeks and months are always allowed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 * DAY_MS }), (lengthMs) => {
      const allowed = allowedBuckets(lengthMs);
      return BUCKETS.slice(2).every((bucket) => allowed.includes(bucket)) && allowed.includes(resolve({ from: new Date(NOW.getTime() - lengthMs).toISOString(), to: NOW.toISOString() }).bucket);
    }),
  );
});

test('a report tells its range, when it was read, and since when there are data', () => {
  const range = resolve({ range: '24h' }, 'Europe/Moscow');
  expect(ResolvedRange.parse(describeRange(range))).toEqual({
    preset: '24h', from: '2026-11-19T12:34:56.789Z', to: '2026-11-20T12:34:56.789Z', bucket: 'hour', timeZone: 'Europe/Moscow',
  });
  expect(describeHead(range, null, null)).toMatchObject({ comparedRange: null, generatedAt: NOW.toISOString(), coverage: { dataFrom: null } });
  expect(describeHead(range, range, NOW)).toMatchObject({ comparedRange: describeRange(range), coverage: { dataFrom: NOW.toISOString() } });
});
