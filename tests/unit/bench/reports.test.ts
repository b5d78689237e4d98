import { expect, test } from 'vitest';
import { findFault } from '#tests/bench/reports/compare.ts';
import { createDice, pick } from '#tests/bench/reports/load/dice.ts';
import { planHours } from '#tests/bench/reports/load/plan-hours.ts';
import { readSettings } from '#tests/bench/reports/settings.ts';

const ENDS_AT = new Date('2026-11-25T12:34:56Z');
const SIZE = { ledgerCount: 100_000, interactionCount: 200_000, userCount: 2_000, seed: 1 };

test('the planned hours hold every row, end when they are told to, and never know more users than there are', () => {
  const hours = planHours(SIZE, ENDS_AT);
  expect(hours).toHaveLength(90 * 24);
  expect(hours.reduce((sum, { ledgerCount }) => sum + ledgerCount, 0)).toBe(SIZE.ledgerCount);
  expect(hours.reduce((sum, { interactionCount }) => sum + interactionCount, 0)).toBe(SIZE.interactionCount);
  expect((hours.at(-1)?.startsAt.getTime() ?? 0) + 3_600_000).toBe(ENDS_AT.getTime());
  const known = hours.map(({ knownUserCount }) => knownUserCount);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(known.at(-1)).toBeLessThanOrEqual(SIZE.userCount);
});

test('another seed rolls other dice, the same seed the same', () => {
  expect(createDice(1).roll('n', 3)).toBe(createDice(1).roll('n', 3));
  expect(createDice(1).roll('n', 3)).not.toBe(createDice(2).roll('n', 3));
});

test('a choice by weight is a case over growing shares', () => {
  expect(pick('d', { a: 1, b: 2, c: 1 })).toBe(`case when d < 0.25 then 'a' when d < 0.75 then 'b' else 'c' end`);
});

test('a sum that differs in its last digit is a fault, a percentile within five percent is none', () => {
  expect(findFault({ exact: { cost: '1.000000000001' }, near: {} }, { exact: { cost: '1.000000000000' }, near: {} })).toContain('cost is 1.000000000001');
  expect(findFault({ exact: {}, near: { p95: 104 } }, { exact: {}, near: { p95: 100 } })).toBeNull();
  expect(findFault({ exact: {}, near: { p95: 106 } }, { exact: {}, near: { p95: 100 } })).toContain('p95');
});

test('a zero and nothing at all are the same count, and a figure that one side lacks is a fault', () => {
  expect(findFault({ exact: { 'cost of a day': '0.000000000000' }, near: {} }, { exact: {}, near: {} })).toBeNull();
  expect(findFault({ exact: { failures: '3' }, near: {} }, { exact: {}, near: {} })).toContain('failures');
});

test('a tenth of everything is loaded first, then a tenth of the rows by all users, interactions are twice the ledger, and a senseless size is refused', () => {
  expect(readSettings({ BENCH_LEDGER_ROWS: '1000000' }).sizes.map(({ ledgerCount, interactionCount, userCount }) => [ledgerCount, interactionCount, userCount])).toEqual([
    [100_000, 200_000, 2_000],
    [100_000, 200_000, 20_000],
    [1_000_000, 2_000_000, 20_000],
  ]);
  expect(() => readSettings({ BENCH_LEDGER_ROWS: 'many' })).toThrow();
});
