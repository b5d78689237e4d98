import { expect, test } from 'vitest';
import { findAcquainted, planHistory } from '#server/sandbox/history/plan-history.ts';

const UNTIL = new Date('2026-11-20T12:13:19.816Z');
const plan = { userCount: 40, days: 30, seed: 1, until: UNTIL };
const events = planHistory(plan);

test('the past is the same for the same plan and another for another seed', () => {
  expect(planHistory(plan)).toEqual(events);
  expect(planHistory({ ...plan, seed: 2 })).not.toEqual(events);
});

test('everything happens in order, within the days, and before the end', () => {
  const times = events.map((event) => event.at.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(UNTIL.getTime() - 30 * 86_400_000);
  expect(times.at(-1)).toBeLessThan(UNTIL.getTime());
});

test('everybody joins exactly once, before doing anything else', () => {
  for (const id of new Set(events.map((event) => event.member.person.id))) {
    const kinds = events.filter((event) => event.member.person.id === id).map((event) => event.kind);
    expect(kinds[0]).toBe('join');
    expect(kinds.filter((kind) => kind === 'join')).toHaveLength(1);
  }
});

test('those who did something in the past are those who met the bot in it', () => {
  expect(findAcquainted(plan)).toEqual(new Set(events.map((event) => event.member.person.id)));
  expect(findAcquainted({ ...plan, days: 0 })).toEqual(new Set());
});

test('nobody pays twice, and somebody pays', () => {
  const payers = events.filter((event) => event.kind === 'pay').map((event) => event.member.person.id);
  expect(new Set(payers).size).toBe(payers.length);
  expect(payers.length).toBeGreaterThan(0);
});

test('every day has use and the evening has more of it than the night', () => {
  const days = new Set(events.map((event) => event.at.toISOString().slice(0, 10)));
  expect(days.size).toBeGreaterThanOrEqual(30);
  const inHours = (from: number, to: number) => events.filter((event) => event.at.getUTCHours() >= from && event.at.getUTCHours() < to).length;
  expect(inHours(18, 22)).toBeGreaterThan(4 * inHours(1, 5));
});

test('no days and no users are an empty past', () => {
  expect(planHistory({ ...plan, days: 0 })).toEqual([]);
  expect(planHistory({ ...plan, userCount: 0 })).toEqual([]);
});
