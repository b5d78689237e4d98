import fc from 'fast-check';
import { validate, version } from 'uuid';
import { expect, test } from 'vitest';
import { buildRequestId, countPasses, createIdentify } from '#server/services/imports/identify-entry.ts';
import type { LogEntry } from '#server/services/imports/types.ts';

const AT_MS = Date.UTC(2024, 0, 1);
const entry = (changes: Partial<LogEntry> = {}): LogEntry => ({
  at: '2024-01-01T00:00:00Z', atMs: AT_MS, promptTokens: 1, completionTokens: 2, model: null, operation: null, user: null, costUsd: null, ...changes,
});
const idsOf = (entries: readonly LogEntry[], passCount = 1) =>
  Array.from({ length: passCount }, (_, passIndex) => {
    const identify = createIdentify({ sizeBytes: 100_000, passIndex, passCount });
    return entries.map((one) => identify(one)).filter((id) => id !== null);
  });

const anyEntry = fc
  .record({ atMs: fc.constantFrom(AT_MS, AT_MS + 1), promptTokens: fc.integer({ min: 0, max: 2 }), user: fc.constantFrom(null, '7') })
  .map(({ atMs, ...rest }) => entry({ ...rest, atMs, at: new Date(atMs).toISOString() }));

test('a request id is a UUID of version 7 that tells the time of the line', () => {
  const [[id = ''] = []] = idsOf([entry()]);
  expect([validate(id), version(id)]).toEqual([true, 7]);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(AT_MS);
});

test('every bit that may be random is taken from the digest', () => {
  expect(buildRequestId(0, Buffer.alloc(32, 0xff))).toBe('00000000-0000-7fff-bfff-ffffffffffff');
  expect(buildRequestId(2 ** 48 - 1, Buffer.alloc(32))).toBe('ffffffff-ffff-7000-8000-000000000000');
});

test.each<[keyof LogEntry, Partial<LogEntry>]>([
  ['at', { at: '2024-01-01T00:00:00.0000001Z' }],
  ['promptTokens', { promptTokens: 2 }],
  ['completionTokens', { completionTokens: 1 }],
  ['model', { model: 'a/b' }],
  ['operation', { operation: 'a/b' }],
  ['user', { user: 'a/b' }],
  ['costUsd', { costUsd: '0.000000000000' }],
])('another %s is another id', (_name, change) => {
  const [[one, other] = []] = idsOf([entry(), entry(change)]);
  expect(one).not.toBe(other);
});

test('identical lines have ids of their own, and the same ones in every run', () => {
  const lines = [entry(), entry(), entry()];
  expect(new Set(idsOf(lines)[0]).size).toBe(3);
  expect(idsOf(lines)).toEqual(idsOf(lines));
});

test('the ids of a log are distinct, do not depend on the order of its lines, and stay when it grows', () => {
  fc.assert(
    fc.property(fc.array(anyEntry), fc.array(anyEntry), (lines, more) => {
      const ids = idsOf(lines)[0] ?? [];
      expect(new Set(ids).size).toBe(lines.length);
      expect([...(idsOf(lines.toReversed())[0] ?? [])].sort()).toEqual([...ids].sort());
      expect(idsOf([...lines, ...more])[0]?.slice(0, lines.length)).toEqual(ids);
    }),
  );
});

test('several passes give the ids of one, each line its own in just one pass', () => {
  fc.assert(
    fc.property(fc.array(anyEntry), fc.integer({ min: 2, max: 5 }), (lines, passCount) => {
      expect(idsOf(lines, passCount).flat().sort()).toEqual(idsOf(lines).flat().sort());
    }),
  );
});

test('a log is read once as long as its lines can be counted in memory, then more often', () => {
  expect([0, 40_000_000, 115_500_000, 115_500_001, 1_000_000_000].map((bytes) => countPasses(bytes))).toEqual([1, 1, 1, 2, 9]);
});
