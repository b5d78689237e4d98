import fc from 'fast-check';
import { z } from 'zod';
import { expect, test } from 'vitest';
import type { DatabaseHandle } from '#db/client.ts';
import { Waste, type Spend } from '#server/contracts/waste.ts';
import { AI_ERROR_TYPES, DISPOSITIONS } from '#server/contracts/vocabulary.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getWaste } from '#server/services/reports/get-waste.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { fromPico, toPico } from '#tests/support/naive-overview.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;
const RANGE = { from: new Date(NOW.getTime() - 3 * DAY_MS), to: NOW };

const costed = fc.record({
  status: fc.constant('settled' as const),
  costUsd: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 9n }), fc.bigInt({ min: 0n, max: 10n ** 14n })).map(fromPico),
  costSource: fc.constantFrom('billed' as const, 'lookup' as const, 'estimated' as const),
});
const uncosted = fc.record({
  status: fc.constantFrom('void' as const, 'reserved' as const, 'unknown' as const),
  costUsd: fc.constant(null),
  costSource: fc.constant('none' as const),
});
const attempt = fc
  .record({
    cost: fc.oneof({ arbitrary: costed, weight: 3 }, { arbitrary: uncosted, weight: 1 }),
    disposition: fc.option(fc.constantFrom(...DISPOSITIONS)),
    errorType: fc.option(fc.constantFrom(...AI_ERROR_TYPES.slice(0, 3))),
    operation: fc.constantFrom('horoscope', 'tarot_card', 'retired'),
    model: fc.constantFrom('a/b', 'a/c', 'd/e'),
    /** The borders of the range, a millisecond beside them, and anything near. */
    agoMs: fc.oneof(fc.constantFrom(-1, 0, 1, 3 * DAY_MS - 1, 3 * DAY_MS, 3 * DAY_MS + 1), fc.integer({ min: -DAY_MS, max: 5 * DAY_MS })),
  })
  .map(({ cost, agoMs, ...row }) => ({ ...row, ...cost, startedAt: new Date(NOW.getTime() - agoMs) }));

const Row = z.object({
  disposition: z.string().nullable(), error_type: z.string().nullable(), operation: z.string(), model: z.string(), status: z.string(), cost_usd: z.string().nullable(), started_at: z.date(),
});
type Row = z.infer<typeof Row>;

/** What the rows cost, counted one by one in whole numbers. */
function recount(rows: readonly Row[]): Spend {
  const cost = (some: readonly Row[]) => some.reduce((sum, row) => sum + toPico(row.cost_usd ?? '0.000000000000'), 0n);
  const delivered = rows.filter((row) => row.disposition === 'delivered');
  const settled = (some: readonly Row[]) => some.filter((row) => row.status === 'settled').length;
  return {
    costUsd: fromPico(cost(rows)),
    deliveredUsd: fromPico(cost(delivered)),
    wastedUsd: fromPico(cost(rows.filter((row) => row.disposition !== 'delivered'))),
    attemptCount: rows.length,
    settledCount: settled(rows),
    deliveredCount: settled(delivered),
    openCount: rows.filter((row) => row.status === 'reserved' || row.status === 'unknown').length,
  };
}

const recountBy = (rows: readonly Row[], keyOf: (row: Row) => string) =>
  Object.fromEntries([...Map.groupBy(rows, keyOf)].map(([key, some]) => [key, recount(some)]));

async function readRows({ sql }: DatabaseHandle): Promise<Row[]> {
  const all = Row.array().parse([...(await sql`select * from ai_usage`)]);
  return all.filter((row) => row.started_at >= RANGE.from && row.started_at < RANGE.to);
}

const add = (parts: readonly Spend[]): Spend => {
  const usd = (pick: (part: Spend) => string) => fromPico(parts.reduce((sum, part) => sum + toPico(pick(part)), 0n));
  const count = (pick: (part: Spend) => number) => parts.reduce((sum, part) => sum + pick(part), 0);
  return {
    costUsd: usd((part) => part.costUsd), deliveredUsd: usd((part) => part.deliveredUsd), wastedUsd: usd((part) => part.wastedUsd),
    attemptCount: count((part) => part.attemptCount), settledCount: count((part) => part.settledCount),
    deliveredCount: count((part) => part.deliveredCount), openCount: count((part) => part.openCount),
  };
};

test('causes, operations and models are each what counting row by row gives, and each add up to the total', async () => {
  const property = fc.asyncProperty(fc.array(attempt, { maxLength: 40 }), async (attempts) => {
    const database = await createTestDatabase();
    try {
      const { handle } = database;
      for (const row of attempts) await seedGeneration(handle.db, row);
      const input = { from: RANGE.from.toISOString(), to: RANGE.to.toISOString() };
      const { total, byCause, byOperation, byModel } = Waste.parse(await getWaste({ db: handle.db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input));
      const rows = await readRows(handle);
      const causeOf = (disposition: string | null, errorType: string | null) => `${disposition} ${errorType}`;
      expect(total).toEqual(recount(rows));
      expect(Object.fromEntries(byCause.map(({ disposition, errorType, ...spend }) => [causeOf(disposition, errorType), spend]))).toEqual(recountBy(rows, (row) => causeOf(row.disposition, row.error_type)));
      expect(Object.fromEntries(byOperation.map(({ operation, ...spend }) => [operation, spend]))).toEqual(recountBy(rows, (row) => row.operation));
      expect(Object.fromEntries(byModel.map(({ model, ...spend }) => [model, spend]))).toEqual(recountBy(rows, (row) => row.model));
      for (const parts of [byCause, byOperation, byModel]) expect(add(parts)).toEqual(total);
      expect(fromPico(toPico(total.deliveredUsd) + toPico(total.wastedUsd))).toBe(total.costUsd);
    } finally {
      await database.drop();
    }
  });
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
}, TIME_LIMIT_MS);
