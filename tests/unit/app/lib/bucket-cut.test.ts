import { expect, test } from 'vitest';
import { findCuts } from '#app/lib/bucket-cut.ts';
import type { Bucket, ResolvedRange } from '#server/contracts/time-range.ts';

function cuts(from: string, to: string, starts: readonly string[], more: { bucket?: Bucket; timeZone?: string; isRunning?: boolean } = {}) {
  const range: ResolvedRange = { preset: null, from, to, bucket: more.bucket ?? 'day', timeZone: more.timeZone ?? 'UTC' };
  return findCuts(range, starts.map((startsAt, index) => ({ startsAt, isUnfinished: more.isRunning === true && index === starts.length - 1 })));
}

const MIDNIGHTS = ['2026-11-02T00:00:00.000Z', '2026-11-03T00:00:00.000Z'];

test('the first day of a rolling range is cut and the last still runs', () => {
  const first = '2026-11-01T12:13:00.000Z';
  expect(cuts(first, '2026-11-03T12:13:00.000Z', [first, ...MIDNIGHTS], { isRunning: true })).toEqual(['begun', null, 'running']);
});

test('whole days are not cut, in the reporting time zone', () => {
  expect(cuts('2026-11-02T00:00:00.000Z', '2026-11-04T00:00:00.000Z', MIDNIGHTS)).toEqual([null, null]);
  expect(cuts('2026-11-01T21:00:00.000Z', '2026-11-02T21:00:00.000Z', ['2026-11-01T21:00:00.000Z'], { timeZone: 'Europe/Moscow' })).toEqual([null]);
});

test('a past range that ends within a day or an hour is cut at its end', () => {
  expect(cuts('2026-11-02T00:00:00.000Z', '2026-11-03T12:00:00.000Z', MIDNIGHTS)).toEqual([null, 'ended']);
  const hours = ['2026-11-02T10:30:00.000Z', '2026-11-02T11:00:00.000Z'];
  expect(cuts('2026-11-02T10:30:00.000Z', '2026-11-02T11:20:00.000Z', hours, { bucket: 'hour' })).toEqual(['begun', 'ended']);
});

test.each([
  ['5min', '2026-11-02T10:05:00.000Z', '2026-11-02T10:10:00.000Z', '2026-11-02T10:07:00.000Z'],
  ['hour', '2026-11-02T10:00:00.000Z', '2026-11-02T11:00:00.000Z', '2026-11-02T10:30:00.000Z'],
  ['day', '2026-11-02T00:00:00.000Z', '2026-11-03T00:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ['week', '2026-11-02T00:00:00.000Z', '2026-11-09T00:00:00.000Z', '2026-11-03T00:00:00.000Z'],
  ['month', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
] as const)('a %s is whole from one of its boundaries to the next, and cut where the range is', (bucket, from, to, within) => {
  expect(cuts(from, to, [from], { bucket })).toEqual([null]);
  expect(cuts(within, to, [within], { bucket })).toEqual(['begun']);
  expect(cuts(from, within, [from], { bucket })).toEqual(['ended']);
});

test('an hour that the clock shows once more is whole', () => {
  const again = '2026-11-01T06:00:00.000Z';
  expect(cuts(again, '2026-11-01T07:00:00.000Z', [again], { bucket: 'hour', timeZone: 'America/New_York' })).toEqual([null]);
});
