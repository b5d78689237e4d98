import { expect, test } from 'vitest';
import { findCuts } from '#app/features/overview/bucket-cut.ts';
import type { Overview } from '#server/contracts/overview.ts';

function cuts(from: string, to: string, starts: readonly string[], more: { bucket?: 'hour' | 'day'; timeZone?: string; isRunning?: boolean } = {}) {
  const range: Overview['range'] = { preset: null, from, to, bucket: more.bucket ?? 'day', timeZone: more.timeZone ?? 'UTC' };
  const costOverTime = starts.map((startsAt, index) => ({
    startsAt,
    costUsd: '0.000000000000',
    generationCount: 0,
    isUnfinished: more.isRunning === true && index === starts.length - 1,
  }));
  return findCuts({ range, costOverTime });
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
