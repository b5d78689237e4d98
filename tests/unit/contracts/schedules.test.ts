import { expect, test } from 'vitest';
import { lateAfterSeconds, SCHEDULE_NAMES, SCHEDULES } from '#server/contracts/schedules.ts';
import { JOBS } from '#server/contracts/vocabulary.ts';
import { nextDue } from '#server/services/reports/read-jobs-now.ts';

test('every schedule and every job has a name of its own: a filter by name means one of them', () => {
  expect(new Set([...SCHEDULE_NAMES, ...JOBS]).size).toBe(SCHEDULE_NAMES.length + JOBS.length);
});

test.each(SCHEDULES)('$name is due again after as many seconds as it says, at any time of the year', ({ cron, intervalSeconds }) => {
  for (const day of ['2026-03-28T22:30:30Z', '2026-10-24T22:30:30Z', '2026-12-31T22:30:30Z']) {
    const first = nextDue(cron, new Date(day));
    expect(first.getTime()).toBeGreaterThan(Date.parse(day));
    expect(nextDue(cron, first).getTime() - first.getTime()).toBe(intervalSeconds * 1_000);
  }
});

test('a due time that is now has the next one in an interval, and due times are those of UTC', () => {
  expect(nextDue('25 * * * *', new Date('2026-11-20T12:25:00Z')).toISOString()).toBe('2026-11-20T13:25:00.000Z');
  expect(nextDue('5 3 * * *', new Date('2026-11-20T12:25:00Z')).toISOString()).toBe('2026-11-21T03:05:00.000Z');
});

test('a schedule may miss one round before it is late', () => {
  expect(lateAfterSeconds(3_600)).toBe(7_260);
});
