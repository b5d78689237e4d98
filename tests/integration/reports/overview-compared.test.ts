import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Overview, type OverviewInput } from '#server/contracts/overview.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { historyArbitrary, layDown } from '#tests/support/histories.ts';
import { recountOverview } from '#tests/support/naive-overview.ts';
import { expectKnownWhereOnRecord, hideBeforeRecords, readRecordsStart, seedLongAgo } from '#tests/support/records.ts';
import { seedGeneration, seedInteraction } from '#tests/support/seed.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const HOUR_MS = 3_600_000;
const TIME_LIMIT_MS = 120_000;
const ago = (hours: number, besideMs = 0) => new Date(NOW.getTime() - hours * HOUR_MS + besideMs);
const INPUTS: readonly OverviewInput[] = [
  { range: '24h', compare: 'previous' },
  { range: '7d', compare: 'previous' },
  { from: ago(60).toISOString(), to: ago(12).toISOString(), compare: 'previous' },
  { from: ago(60).toISOString(), to: ago(-12).toISOString(), bucket: 'day', compare: 'previous' },
  { range: '7d', compare: 'year' },
];

async function onDatabase(check: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    await database.handle.sql`select ensure_interactions_partitions('2026-08-01', '2026-12-31')`;
    await check(database);
  } finally {
    await database.drop();
  }
}

async function overview({ handle: { db } }: TestDatabase, input: OverviewInput, reportingTimeZone = 'UTC'): Promise<Overview> {
  return Overview.parse(await getOverview({ db, clock: fixedClock(NOW), reportingTimeZone }, input));
}

test('every figure of the compared range is what counting row by row gives, as if it had been asked for when that range ended', async () => {
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia');
  const property = fc.asyncProperty(historyArbitrary, zone, fc.boolean(), fc.boolean(), (history, reportingTimeZone, isFolded, isLongOnRecord) =>
    onDatabase(async (database) => {
      if (isLongOnRecord) await seedLongAgo(database.handle.db);
      await layDown(database.handle.db, history, NOW);
      if (isFolded) await foldRollups(database.handle.db, 7);
      const recordsStart = await readRecordsStart(database.handle.sql);
      for (const input of INPUTS) {
        const { range, compared, comparedRange, generatedAt } = await overview(database, input, reportingTimeZone);
        if (!comparedRange) throw new Error('a comparison was asked for');
        expectKnownWhereOnRecord({ range, compared, comparedRange, generatedAt }, recordsStart);
        if (!compared) continue;
        const [from, to] = [new Date(comparedRange.from), new Date(comparedRange.to)];
        const naive = await recountOverview(database.handle.sql, { from, to, now: to });
        const { activeUsers, cost, generations, tokens, interactions } = compared;
        expect({ activeUsers, cost, generations, tokens }).toEqual({ activeUsers: hideBeforeRecords(naive.activeUsers, to, recordsStart), cost: naive.cost, generations: naive.generations, tokens: naive.tokens });
        expect([interactions.totalCount, interactions.failedCount, interactions.errorRatio]).toEqual([naive.interactions.totalCount, naive.interactions.failedCount, naive.interactions.errorRatio]);
        for (const { operation, ...entry } of compared.costByOperation) if (naive.costByOperation[operation]) expect(entry).toEqual(naive.costByOperation[operation]);
        expect(compared.costOverTime.reduce((sum, row) => sum + row.generationCount, 0)).toBe(generations.totalCount);
      }
    }),
  );
  await fc.assert(property, { numRuns: 8, endOnFailure: true });
}, TIME_LIMIT_MS);

test('active users of the compared range are those of the windows that end with it; those of the range itself end now', async () => {
  await onDatabase(async (database) => {
    for (const [index, hours] of [1, 25, 24 * 9, 24 * 20].entries()) await seedInteraction(database.handle.db, { at: ago(hours), userId: index + 1 });
    const { activeUsers, compared, comparedRange } = await overview(database, { range: '24h', compare: 'previous' });
    expect(comparedRange?.to).toBe(ago(24).toISOString());
    expect(activeUsers).toEqual({ dau: 1, wau: 2, mau: 4 });
    // The window of a month begins before the first of them.
    expect(compared?.activeUsers).toEqual({ dau: 1, wau: 1, mau: null });
    await seedLongAgo(database.handle.db);
    expect((await overview(database, { range: '24h', compare: 'previous' })).compared?.activeUsers).toEqual({ dau: 1, wau: 1, mau: 3 });
  });
});

test('the window of the compared range ends with its last instant, and begins after its first', async () => {
  await onDatabase(async (database) => {
    for (const [index, at] of [ago(24), ago(24, 1), ago(48, 1), ago(48)].entries()) await seedInteraction(database.handle.db, { at, userId: index + 1 });
    expect((await overview(database, { range: '24h', compare: 'previous' })).compared?.activeUsers.dau).toBe(2);
  });
});

test('without a comparison there is none', async () => {
  await onDatabase(async (database) => expect(await overview(database, {})).toMatchObject({ compared: null, comparedRange: null }));
});

test.each([
  ['nothing is on record', null, false],
  ['records begin five minutes after it', new Date('2026-11-01T12:35:00Z'), false],
  ['records begin with it', ago(48), true],
] as const)('a day that is compared where %s, whatever its steps', async (_, recordsFrom, isKnown) => {
  await onDatabase(async (database) => {
    if (recordsFrom) await seedGeneration(database.handle.db, { startedAt: recordsFrom });
    for (const bucket of ['5min', 'hour'] as const) {
      const { compared, comparedRange } = await overview(database, { from: ago(24).toISOString(), to: NOW.toISOString(), compare: 'previous', bucket });
      expect(comparedRange).toMatchObject({ from: ago(48).toISOString(), to: ago(24).toISOString() });
      expect(compared === null).toBe(!isKnown);
    }
    const week = await overview(database, { range: '7d', compare: 'previous', bucket: 'week' });
    expect(week.compared).toBeNull();
  });
});

test('attempts of an imported log before the first interaction are costs to compare with, and no users', async () => {
  await onDatabase(async (database) => {
    const { db } = database.handle;
    await seedGeneration(db, { startedAt: ago(47), costUsd: '0.25', userId: null });
    await seedGeneration(db, { startedAt: ago(49) });
    await seedInteraction(db, { at: ago(20), userId: 1 });
    const input = { range: '24h', compare: 'previous' } as const;
    expect((await overview(database, input)).compared).toBeNull();
    const costs = await getCosts({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, input);
    expect(costs.compared?.total.costUsd).toBe('0.250000000000');
  });
});

test('a range that has not begun is compared with nothing, whether that is over or not', async () => {
  await onDatabase(async (database) => {
    await seedLongAgo(database.handle.db);
    for (const day of ['2026-11-04', '2026-11-08', '2026-11-20']) expect((await overview(database, { from: day, to: day, bucket: 'day', compare: 'previous' })).compared).toBeNull();
    expect((await overview(database, { from: '2026-11-03', to: '2026-11-08', compare: 'previous' })).compared).not.toBeNull();
  });
});
