import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTopUsers, splitUserDays } from '#server/services/reports/top-users.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { setCost } from '#tests/support/economics-histories.ts';
import { rankUsers, readRawEconomics, usdOf } from '#tests/support/naive-economics.ts';
import { seedGeneration } from '#tests/support/seed.ts';

const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;
const START = Date.UTC(2026, 9, 30);
const DAYS = 5;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const forget = () => database.handle.sql`truncate ai_usage, ai_cost_corrections, ledger_deltas, user_days`;

/** Few different costs, so that many are equal. */
const costUsd = fc.constantFrom('0', '0.001', '0.002', '0.003', '0.1');
const attempts = fc.array(fc.record({ userId: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })), atMs: fc.nat({ max: DAYS * DAY_MS - 1 }), costUsd, isOpen: fc.boolean() }), { maxLength: 120 });
const offset = fc.oneof(fc.nat({ max: DAYS }).map((days) => days * DAY_MS), fc.integer({ min: -DAY_MS, max: (DAYS + 1) * DAY_MS }));
const caseArbitrary = fc.record({
  attempts,
  changes: fc.array(fc.record({ index: fc.nat({ max: 59 }), costUsd }), { maxLength: 12 }),
  /** How many changes are folded: of the attempts, then of what became of them. */
  folds: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })),
  range: fc.tuple(offset, offset).filter(([a, b]) => a !== b),
  limit: fc.integer({ min: 1, max: 6 }),
  depth: fc.integer({ min: 1, max: 3 }),
});

test('the dearest users are those of counting row by row, ties, corrections, cut days and what is not folded included', async () => {
  const { db, sql } = database.handle;
  const property = fc.asyncProperty(caseArbitrary, async ({ attempts: rows, changes, folds, range, limit, depth }) => {
    await forget();
    const ids: string[] = [];
    for (const { userId, atMs, costUsd: usd, isOpen } of rows) {
      const cost = isOpen ? ({ status: 'reserved', costUsd: null, costSource: 'none' } as const) : { costUsd: usd };
      ids.push(await seedGeneration(db, { userId, startedAt: new Date(START + atMs), ...cost }));
    }
    for (let round = 0; round < folds[0]; round += 1) await sql`select fold_rollups(20)`;
    for (const { index, costUsd: usd } of changes) {
      const requestId = ids[index];
      if (requestId) await setCost(db, requestId, usd, new Date(START));
    }
    for (let round = 0; round < folds[1]; round += 1) await sql`select fold_rollups(5)`;
    const [from, to] = [new Date(START + Math.min(...range)), new Date(START + Math.max(...range))];
    const { usage } = await readRawEconomics(sql);
    const expected = rankUsers(usage, { from, to }).slice(0, limit);
    const found = await findTopUsers(db, { from, to, limit, now: to, depth });
    expect(found.map(({ userId, costUsd: usd, attemptCount }) => ({ userId, usd, attemptCount }))).toEqual(
      expected.map(({ userId, cost, attemptCount }) => ({ userId, usd: usdOf(cost), attemptCount })),
    );
  });
  await fc.assert(property, { numRuns: 60, endOnFailure: true });
}, TIME_LIMIT_MS);

test('among users of equal cost the lower ids are told, however few of each day are read', async () => {
  const { db } = database.handle;
  await forget();
  for (let userId = 30; userId > 0; userId -= 1) await seedGeneration(db, { userId, startedAt: new Date(START + userId), costUsd: '0.5' });
  const day = { from: new Date(START), to: new Date(START + DAY_MS), limit: 3, now: new Date(), depth: 3 };
  expect((await findTopUsers(db, day)).map(({ userId }) => userId)).toEqual([1, 2, 3]);
  await foldRollups(db);
  expect((await findTopUsers(db, day)).map(({ userId }) => userId)).toEqual([1, 2, 3]);
});

test('a user whose cost is not folded yet does not push out one of a lower id who cost as much and whom no list shows', async () => {
  const { db } = database.handle;
  await forget();
  for (const userId of [1, 5]) await seedGeneration(db, { userId, startedAt: new Date(START), costUsd: '0.5' });
  await foldRollups(db);
  await seedGeneration(db, { userId: 9, startedAt: new Date(START), costUsd: '0.5' });
  const found = await findTopUsers(db, { from: new Date(START), to: new Date(START + DAY_MS), limit: 2, now: new Date(), depth: 1 });
  expect(found.map(({ userId }) => userId)).toEqual([1, 5]);
});

test('who cost most in a range is found behind many who cost more on its first day, before it began', async () => {
  const { db } = database.handle;
  await forget();
  const from = new Date(START + DAY_MS / 2);
  for (const userId of [1, 2, 3, 4]) await seedGeneration(db, { userId, startedAt: new Date(START), costUsd: '10' });
  await seedGeneration(db, { userId: 5, startedAt: new Date(START + DAY_MS), costUsd: '6' });
  await foldRollups(db);
  const found = await findTopUsers(db, { from, to: new Date(START + 2 * DAY_MS), limit: 1, now: new Date(), depth: 1 });
  expect(found).toMatchObject([{ userId: 5, costUsd: '6.000000000000' }]);
});

test('a range is whole UTC days and at most two cut ends, and together they are the range', () => {
  const instants = fc.integer({ min: START, max: START + 3 * DAY_MS });
  fc.assert(
    fc.property(instants, instants, (a, b) => {
      fc.pre(a !== b);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const { touched, whole, cuts } = splitUserDays(new Date(from), new Date(to));
      const length = (span: { from: string; to: string }) => Date.parse(span.to) - Date.parse(span.from);
      expect([whole, ...cuts].reduce((sum, span) => sum + length(span), 0)).toBe(to - from);
      for (const edge of [touched.from, touched.to, whole.from, whole.to]) expect(Date.parse(edge) % DAY_MS).toBe(0);
      expect(length(touched)).toBeLessThan(to - from + 2 * DAY_MS);
      expect(cuts.length).toBeLessThanOrEqual(2);
      for (const cut of cuts) expect(length(cut)).toBeLessThan(DAY_MS);
    }),
  );
});
