import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DRIFT_PERIODS } from '#server/contracts/drift.ts';
import { startOfPeriod } from '#server/services/drift/start-of-period.ts';

const DAY_MS = 86_400_000;
const starts = (at: string) => DRIFT_PERIODS.map((period) => startOfPeriod(new Date(at), period).toISOString().slice(0, 10));

test.each([
  ['a Monday at its first instant', '2026-11-23T00:00:00.000Z', ['2026-11-23', '2026-11-23', '2026-11-01']],
  ['the Sunday before it at its last', '2026-11-22T23:59:59.999Z', ['2026-11-22', '2026-11-16', '2026-11-01']],
  ['a first of the month within a week', '2026-12-01T00:00:00.000Z', ['2026-12-01', '2026-11-30', '2026-12-01']],
  ['a New Year', '2027-01-01T12:00:00.000Z', ['2027-01-01', '2026-12-28', '2027-01-01']],
  ['a leap day', '2028-02-29T12:00:00.000Z', ['2028-02-29', '2028-02-28', '2028-02-01']],
])('%s lies in the right UTC day, week and month', (_name, at, expected) => expect(starts(at)).toEqual(expected));

test('every instant lies in its periods, which begin at midnight, the week on a Monday, the month on a first', () => {
  const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (at) => {
      const [day, week, month] = DRIFT_PERIODS.map((period) => startOfPeriod(at, period));
      for (const [start, days] of [[day, 1], [week, 7], [month, 31]] as const) {
        const age = at.getTime() - (start?.getTime() ?? Number.NaN);
        expect(age >= 0 && age < days * DAY_MS).toBe(true);
        expect(start?.toISOString()).toMatch(/T00:00:00\.000Z$/);
      }
      expect([week?.getUTCDay(), month?.getUTCDate()]).toEqual([1, 1]);
    }),
  );
});
