import { expect, test } from 'vitest';
import { throughputOverTime, totalThroughput } from '#server/services/reports/throughput.ts';

const at = (time: string) => new Date(`2026-11-03T${time}Z`);
const NOTHING = new Map<number, number>();
const LONG_AGO = { work: new Date('2026-01-01'), requests: new Date('2026-01-01') };
const range = (from: string, to: string, starts: readonly string[], asOf: string) =>
  ({ preset: null, from: at(from), to: at(to), starts: starts.map(at), bucket: 'hour', timeZone: 'UTC', asOf: at(asOf) }) as const;

test('a rate is per minute of the time that has passed, not of the whole bucket', () => {
  const counts = { attempts: new Map([[0, 60], [1, 60]]), updates: NOTHING, requests: NOTHING };
  const rows = throughputOverTime(counts, range('10:00:00', '12:00:00', ['10:00:00', '11:00:00'], '11:30:00'), LONG_AGO);
  expect(rows.map(({ generationsPerMinute, isUnfinished }) => [generationsPerMinute, isUnfinished])).toEqual([[1, false], [2, true]]);
  expect(totalThroughput(counts, range('10:00:00', '12:00:00', ['10:00:00'], '11:30:00'), LONG_AGO).generationsPerMinute).toBeCloseTo(120 / 90, 6);
});

test('of a time that is to come there is no rate, which is not a rate of zero', () => {
  const rows = throughputOverTime({ attempts: NOTHING, updates: NOTHING, requests: NOTHING }, range('10:00:00', '12:00:00', ['10:00:00', '11:00:00'], '10:30:00'), LONG_AGO);
  expect(rows.map(({ updatesPerMinute }) => updatesPerMinute)).toEqual([0, null]);
});

test('requests are counted by whole five minutes, and their rate is of those', () => {
  const counts = { attempts: NOTHING, updates: NOTHING, requests: new Map([[0, 10]]) };
  const total = totalThroughput(counts, range('10:02:00', '10:08:00', ['10:02:00'], '12:00:00'), LONG_AGO);
  expect(total).toMatchObject({ requestCount: 10, requestsPerMinute: 1, updateCount: 0, updatesPerMinute: 0 });
});

test('before there were records nothing is known of a rate, and a first rate is of the time since then', () => {
  const counts = { attempts: new Map([[1, 30]]), updates: NOTHING, requests: NOTHING };
  const recorded = { work: at('11:32:10'), requests: null };
  const hours = range('10:00:00', '12:00:00', ['10:00:00', '11:00:00'], '13:00:00');
  expect(throughputOverTime(counts, hours, recorded).map((row) => [row.generationsPerMinute, row.updatesPerMinute, row.requestsPerMinute])).toEqual([[null, null, null], [1, 0, null]]);
  expect(totalThroughput(counts, hours, recorded).generationsPerMinute).toBe(1);
});
