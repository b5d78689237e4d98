import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatabaseHandle } from '#db/client.ts';
import { Overview, type OverviewInput } from '#server/contracts/overview.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { historyArbitrary, layDown, type History } from '#tests/support/histories.ts';
import { fromPico, recountByLocalTime, recountOverview, toPico } from '#tests/support/naive-overview.ts';

/** Two days after clocks went back in New York and a month after they went forward on Lord Howe Island. */
const NOW = new Date('2026-11-03T12:34:56.789Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;
const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const KNOWN = ['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'];
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS).toISOString();
const CUSTOM: OverviewInput = { from: daysAgo(2), to: daysAgo(0.5) };
const FUTURE: OverviewInput = { from: daysAgo(3), to: daysAgo(-1) };
const INPUTS: readonly OverviewInput[] = [{ range: '24h' }, { range: '7d' }, { range: '30d' }, CUSTOM, FUTURE];

const zoneArbitrary = fc.constantFrom(...ZONES);

/** Runs a check on a database of its own that holds the history. */
async function onHistory(history: History, check: (handle: DatabaseHandle) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    await database.handle.sql`select ensure_interactions_partitions('2026-08-01', '2026-12-31')`;
    await layDown(database.handle.db, history, NOW);
    await check(database.handle);
  } finally {
    await database.drop();
  }
}

const overview = ({ db, hasSpare }: DatabaseHandle, input: OverviewInput, reportingTimeZone = 'UTC') =>
  getOverview({ db, hasSpare, clock: fixedClock(NOW), reportingTimeZone }, input);

/** Names the local hour or day of an instant by the calendar of the zone. */
function localNames(timeZone: string, bucket: Overview['range']['bucket']): (at: Date) => string {
  const hour = bucket === 'hour' ? ({ hour: '2-digit', hourCycle: 'h23' } as const) : {};
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', ...hour });
  return (at) => format.format(at);
}

test('every figure of the overview is what counting row by row gives', async () => {
  const property = fc.asyncProperty(historyArbitrary, (history) =>
    onHistory(history, async (handle) => {
      for (const input of INPUTS) {
        const { range, comparedRange, compared, coverage, generatedAt, costOverTime, costByOperation, ...figures } = await overview(handle, input);
        const { usage, costByOperation: naiveOperations, ...naive } = await recountOverview(handle.sql, { from: new Date(range.from), to: new Date(range.to), now: NOW });
        const p95 = { ours: [figures.interactions.p95Ms, figures.generationP95Ms], naive: [naive.interactions.p95Ms, naive.generationP95Ms] };
        for (const [index, value] of p95.naive.entries()) {
          if (value === null) expect(p95.ours[index]).toBeNull();
          else expect(Math.abs((p95.ours[index] ?? Infinity) - value)).toBeLessThanOrEqual(value * 0.05);
        }
        expect({ ...figures, generationP95Ms: null, interactions: { ...figures.interactions, p95Ms: null } }).toEqual({
          ...naive,
          generationP95Ms: null,
          interactions: { ...naive.interactions, p95Ms: null },
        });
        for (const { operation, ...entry } of costByOperation) {
          if (operation !== 'other') expect(entry).toEqual(naiveOperations[operation] ?? { costUsd: fromPico(0n), generationCount: 0, failedCount: 0, tokenCount: 0, averageUsd: null });
        }
        expect(costOverTime.reduce((sum, row) => sum + row.generationCount, 0)).toBe(usage.length);
        expect(generatedAt).toBe(NOW.toISOString());
      }
    }),
  );
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
}, TIME_LIMIT_MS);

test('the parts are the total: sources, operations and buckets each add up to it, to the last digit', async () => {
  const property = fc.asyncProperty(historyArbitrary, zoneArbitrary, (history, zone) =>
    onHistory(history, async (handle) => {
      for (const input of INPUTS) {
        const { cost, costByOperation, costOverTime, generations, tokens } = Overview.parse(await overview(handle, input, zone));
        const total = toPico(cost.totalUsd);
        const add = (amounts: readonly string[]) => amounts.reduce((sum, amount) => sum + toPico(amount), 0n);
        expect(add([cost.billedUsd, cost.lookupUsd, cost.estimatedUsd])).toBe(total);
        expect(add(costByOperation.map((row) => row.costUsd))).toBe(total);
        expect(add(costOverTime.map((row) => row.costUsd))).toBe(total);
        expect(costByOperation.reduce((sum, row) => sum + row.generationCount, 0)).toBe(generations.totalCount);
        expect(costByOperation.reduce((sum, row) => sum + row.tokenCount, 0)).toBe(tokens.total);
        const { totalCount, ...byStatus } = generations;
        expect(Object.values(byStatus).reduce((sum, count) => sum + count, 0)).toBe(totalCount);
        expect(costByOperation.map((row) => row.operation).filter((operation) => operation !== 'other')).toEqual(KNOWN);
      }
    }),
  );
  await fc.assert(property, { numRuns: 7, endOnFailure: true });
}, TIME_LIMIT_MS);

test('a bucket holds what started in that local hour or day, whatever the clocks did', async () => {
  const property = fc.asyncProperty(historyArbitrary, zoneArbitrary, (history, zone) =>
    onHistory(history, async (handle) => {
      for (const input of INPUTS) {
        const { range, costOverTime } = await overview(handle, input, zone);
        const nameOf = localNames(zone, range.bucket);
        const { usage } = await recountOverview(handle.sql, { from: new Date(range.from), to: new Date(range.to), now: NOW });
        const expected = recountByLocalTime(usage, nameOf);
        const shown = costOverTime.filter((row) => row.generationCount > 0);
        expect(new Map(shown.map(({ startsAt, costUsd, generationCount }) => [nameOf(new Date(startsAt)), { costUsd, generationCount }]))).toEqual(expected);
      }
    }),
  );
  await fc.assert(property, { numRuns: 7, endOnFailure: true });
}, TIME_LIMIT_MS);

test('single days, asked for one by one, are the buckets of the range and add up to it', async () => {
  const property = fc.asyncProperty(historyArbitrary, zoneArbitrary, (history, zone) =>
    onHistory(history, async (handle) => {
      const week = await overview(handle, { range: '7d' }, zone);
      const starts = week.costOverTime.map((row) => row.startsAt);
      const days = await Promise.all(starts.map((from, index) => overview(handle, { from, to: starts[index + 1] ?? week.range.to }, zone)));
      expect(days.map((day) => day.cost.totalUsd)).toEqual(week.costOverTime.map((row) => row.costUsd));
      expect(fromPico(days.reduce((sum, day) => sum + toPico(day.cost.totalUsd), 0n))).toBe(week.cost.totalUsd);
      for (const count of ['totalCount', 'failedCount'] as const) {
        expect(days.reduce((sum, day) => sum + day.interactions[count], 0)).toBe(week.interactions[count]);
      }
    }),
  );
  await fc.assert(property, { numRuns: 5, endOnFailure: true });
}, TIME_LIMIT_MS);
