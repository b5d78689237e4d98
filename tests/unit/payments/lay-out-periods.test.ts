import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutPeriods } from '#server/services/payments/lay-out-periods.ts';

const DAY_MS = 86_400_000;
const AT = Date.parse('2026-11-01T10:00:00Z');
const day = (days: number) => new Date(AT + days * DAY_MS);

test('a month begins when it is paid, or where the running one ends', () => {
  const paid = [{ id: 1, paidAt: day(0) }, { id: 2, paidAt: day(10) }, { id: 3, paidAt: day(100) }];
  expect(layOutPeriods(paid)).toEqual([
    { id: 1, startsAt: day(0), endsAt: day(30) },
    { id: 2, startsAt: day(30), endsAt: day(60) },
    { id: 3, startsAt: day(100), endsAt: day(130) },
  ]);
});

test('who pays at the very end of a month goes on without a gap', () => {
  expect(layOutPeriods([{ id: 1, paidAt: day(0) }, { id: 2, paidAt: day(30) }]).at(-1)).toEqual({ id: 2, startsAt: day(30), endsAt: day(60) });
});

test('of two payments in the same second the one that was booked first comes first', () => {
  expect(layOutPeriods([{ id: 2, paidAt: day(0) }, { id: 1, paidAt: day(0) }]).map(({ id }) => id)).toEqual([1, 2]);
});

test('without payments there is no period', () => {
  expect(layOutPeriods([])).toEqual([]);
});

const payments = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 99 }), paidAt: fc.integer({ min: 0, max: 200 }).map(day) }), { selector: ({ id }) => id, maxLength: 8 });

test('property: every payment buys thirty days that overlap no other’s, never before it was made, whatever the order of the reports', () => {
  fc.assert(
    fc.property(payments, fc.infiniteStream(fc.nat()), (paid, order) => {
      const periods = layOutPeriods(paid);
      const shuffled = paid.map((payment) => ({ payment, key: order.next().value })).sort((a, b) => a.key - b.key).map(({ payment }) => payment);
      expect(layOutPeriods(shuffled)).toEqual(periods);
      for (const [index, { id, startsAt, endsAt }] of periods.entries()) {
        expect(endsAt.getTime() - startsAt.getTime()).toBe(30 * DAY_MS);
        expect(startsAt.getTime()).toBeGreaterThanOrEqual(paid.find((each) => each.id === id)?.paidAt.getTime() ?? Infinity);
        expect(startsAt.getTime()).toBeGreaterThanOrEqual(periods[index - 1]?.endsAt.getTime() ?? 0);
      }
    }),
  );
});

test('property: what is paid for from the payment to its end is what is paid for from its start to its end', () => {
  const isIn = (at: number, [from, to]: readonly [number, number]) => at >= from && at < to;
  fc.assert(
    fc.property(payments, fc.integer({ min: -10, max: 500 }), (paid, probe) => {
      const at = day(probe).getTime() + 1;
      const paidAtOf = (id: number) => paid.find((each) => each.id === id)?.paidAt.getTime() ?? 0;
      const periods = layOutPeriods(paid);
      const real = periods.some(({ startsAt, endsAt }) => isIn(at, [startsAt.getTime(), endsAt.getTime()]));
      expect(periods.some(({ id, endsAt }) => isIn(at, [paidAtOf(id), endsAt.getTime()]))).toBe(real);
    }),
  );
});
