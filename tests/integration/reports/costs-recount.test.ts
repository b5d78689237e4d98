import fc from 'fast-check';
import { z } from 'zod';
import { expect, test } from 'vitest';
import type { DatabaseHandle } from '#db/client.ts';
import { Costs, CostsInput, type CostSums } from '#server/contracts/costs.ts';
import { AI_ERROR_TYPES, DISPOSITIONS, PLANS } from '#server/contracts/vocabulary.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getCosts } from '#server/services/reports/get-costs.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { fromPico, toPico } from '#tests/support/naive-overview.ts';
import { seedGeneration } from '#tests/support/seed.ts';
import { seedLongAgo } from '#tests/support/records.ts';

const NOW = new Date('2026-11-20T12:34:56.789Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia'];

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
const tokens = fc.option(fc.nat({ max: 1_000 }));
const attempt = fc
  .record({
    cost: fc.oneof({ arbitrary: costed, weight: 3 }, { arbitrary: uncosted, weight: 1 }),
    disposition: fc.option(fc.constantFrom(...DISPOSITIONS)),
    errorType: fc.option(fc.constantFrom(...AI_ERROR_TYPES.slice(0, 3))),
    operation: fc.constantFrom('horoscope', 'tarot_card', 'retired'),
    model: fc.constantFrom('a/b', 'a/c', 'd/e'),
    responseModel: fc.option(fc.constantFrom('a/b', 'x/y')),
    plan: fc.constantFrom(...PLANS),
    promptTokens: tokens,
    completionTokens: tokens,
    cachedPromptTokens: tokens,
    reasoningTokens: tokens,
    agoMs: fc.oneof(fc.constantFrom(-1, 0, 1, 7 * DAY_MS - 1, 7 * DAY_MS, 7 * DAY_MS + 1), fc.integer({ min: -DAY_MS, max: 20 * DAY_MS })),
  })
  .map(({ cost, agoMs, ...row }) => ({ ...row, ...cost, startedAt: new Date(NOW.getTime() - agoMs) }));

const Row = z.object({
  disposition: z.string().nullable(), operation: z.string(), model: z.string(), plan: z.string(), status: z.string(), cost_usd: z.string().nullable(), cost_source: z.string(),
  prompt_tokens: z.number().nullable(), completion_tokens: z.number().nullable(), cached_prompt_tokens: z.number().nullable(), reasoning_tokens: z.number().nullable(),
  started_at: z.date(),
});
type Row = z.infer<typeof Row>;

/** Sums of rows, counted one by one in whole numbers. */
function recount(rows: readonly Row[]): CostSums {
  const cost = (some: readonly Row[]) => some.reduce((sum, row) => sum + toPico(row.cost_usd ?? '0.000000000000'), 0n);
  const ofSource = (source: string) => fromPico(cost(rows.filter((row) => row.cost_source === source)));
  const ofStatus = (status: string) => rows.filter((row) => row.status === status).length;
  const sum = (pick: (row: Row) => number | null) => rows.reduce((total, row) => total + (pick(row) ?? 0), 0);
  const settled = BigInt(ofStatus('settled'));
  return {
    costUsd: fromPico(cost(rows)), billedUsd: ofSource('billed'), lookupUsd: ofSource('lookup'), estimatedUsd: ofSource('estimated'),
    attemptCount: rows.length, settledCount: Number(settled), voidCount: ofStatus('void'), reservedCount: ofStatus('reserved'), unknownCount: ofStatus('unknown'),
    promptTokens: sum((row) => row.prompt_tokens), completionTokens: sum((row) => row.completion_tokens),
    cachedPromptTokens: sum((row) => row.cached_prompt_tokens), reasoningTokens: sum((row) => row.reasoning_tokens),
    averageUsd: settled === 0n ? null : fromPico((cost(rows) * 2n + settled) / (2n * settled)),
  };
}

const filters = fc.record(
  { operation: fc.constantFrom('horoscope', 'retired'), model: fc.constantFrom('a/b', 'nobody/asked'), plan: fc.constantFrom(...PLANS), costSource: fc.constantFrom('billed' as const, 'none' as const), disposition: fc.constantFrom('delivered' as const, 'none' as const) },
  { requiredKeys: [] },
);
const arbitrary = fc.record({
  attempts: fc.array(attempt, { maxLength: 30 }),
  filters: fc.oneof({ arbitrary: fc.constant({}), weight: 2 }, { arbitrary: filters, weight: 1 }),
  by: fc.constantFrom('operation' as const, 'model' as const, 'plan' as const, 'costSource' as const, 'disposition' as const),
  range: fc.oneof(
    fc.constantFrom<CostsInput>({ range: '24h' }, { range: '7d' }, { range: '30d' }, { from: '2026-11-10', to: '2026-11-19' }, { from: '2026-10-05', to: '2026-11-19', bucket: 'week' }),
    fc.record({ fromAgo: fc.integer({ min: DAY_MS, max: 19 * DAY_MS }), length: fc.integer({ min: 1, max: 18 * DAY_MS }) }).map(({ fromAgo, length }): CostsInput => {
      const from = NOW.getTime() - fromAgo;
      return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
    }),
  ),
  zone: fc.constantFrom(...ZONES),
  isFolded: fc.boolean(),
  hasZone: fc.boolean(),
});

async function readRows({ sql }: DatabaseHandle, { range }: Costs, wanted: Partial<CostsInput>): Promise<Row[]> {
  const rows = z.array(Row).parse(await sql`select * from ai_usage`);
  const none = (value: string | undefined) => (value === 'none' ? null : value);
  return rows.filter(
    (row) =>
      row.started_at >= new Date(range.from) && row.started_at < new Date(range.to) &&
      (wanted.operation === undefined || row.operation === wanted.operation) && (wanted.model === undefined || row.model === wanted.model) &&
      (wanted.plan === undefined || row.plan === wanted.plan) && (wanted.costSource === undefined || row.cost_source === wanted.costSource) &&
      (wanted.disposition === undefined || row.disposition === none(wanted.disposition)),
  );
}

test('every cost, by time and by whatever it is split, is what counting row by row gives, and parts are the total', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ attempts, filters: wanted, by, range, zone, isFolded, hasZone }) => {
      const database = await createTestDatabase();
      try {
        const { db } = database.handle;
        if (hasZone) await setRollupTimeZone(db, zone);
        for (const [index, row] of attempts.entries()) {
          await seedGeneration(db, row);
          if (isFolded && index % 7 === 6) await foldRollups(db, 5);
        }
        const costs = Costs.parse(await getCosts({ db, clock: fixedClock(NOW), reportingTimeZone: zone }, { ...range, ...wanted, by }));
        const rows = await readRows(database.handle, costs, wanted);
        expect(costs.total).toEqual(recount(rows));
        const lists = { operation: costs.byOperation, model: costs.byModel, plan: costs.byPlan, cost_source: costs.byCostSource, disposition: costs.byDisposition };
        for (const [column, list] of Object.entries(lists)) {
          const groups = Map.groupBy(rows, (row) => String(Reflect.get(row, column) ?? 'none'));
          const expected = Object.fromEntries([...groups].map(([key, some]) => [key, { ...recount(some), key }]));
          expect(Object.fromEntries(list.map((part) => [part.key, part]))).toEqual(expected);
        }
        const column = by === 'costSource' ? 'cost_source' : by;
        for (const [index, bucket] of costs.overTime.entries()) {
          const end = costs.overTime[index + 1]?.startsAt ?? costs.range.to;
          const inside = rows.filter((row) => row.started_at >= new Date(bucket.startsAt) && row.started_at < new Date(end));
          expect(bucket).toMatchObject({ costUsd: recount(inside).costUsd, attemptCount: inside.length });
          expect(bucket.partsUsd).toEqual(costs.series.map((key) => recount(inside.filter((row) => (Reflect.get(row, column) ?? 'none') === key)).costUsd));
        }
      } finally {
        await database.drop();
      }
    }),
    { numRuns: 25 },
  );
}, TIME_LIMIT_MS);

test('beyond what is listed by name the rest is one row, and the parts are still the total', async () => {
  const database = await createTestDatabase();
  const { db } = database.handle;
  for (let index = 0; index < 53; index += 1) await seedGeneration(db, { startedAt: new Date(NOW.getTime() - 1_000), model: `vendor/model-${index}`, costUsd: fromPico(BigInt(index + 1)) });
  const costs = await getCosts({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { range: '24h', by: 'model' });
  expect(costs.byModel).toHaveLength(51);
  expect(costs.byModel.at(-1)).toMatchObject({ key: null, costUsd: fromPico(6n), attemptCount: 3 });
  expect(costs.series).toHaveLength(6);
  expect(fromPico(costs.overTime.flatMap(({ partsUsd }) => partsUsd).reduce((sum, usd) => sum + toPico(usd), 0n))).toBe(costs.total.costUsd);
  await database.drop();
});

test('the compared range holds what was there, and nothing of the range itself', async () => {
  const database = await createTestDatabase();
  const { db } = database.handle;
  await seedGeneration(db, { startedAt: new Date(NOW.getTime() - DAY_MS / 2), costUsd: '0.001' });
  await seedGeneration(db, { startedAt: new Date(NOW.getTime() - 1.5 * DAY_MS), costUsd: '0.25' });
  await seedLongAgo(db);
  const costs = await getCosts({ db, clock: fixedClock(NOW), reportingTimeZone: 'UTC' }, { range: '24h', compare: 'previous' });
  expect([costs.total.costUsd, costs.compared?.total.costUsd]).toEqual(['0.001000000000', '0.250000000000']);
  expect(costs.comparedRange?.to).toBe(costs.range.from);
  await database.drop();
});

test('a filter that is no name is refused with a word on what is allowed', () => {
  expect(issuesOf({ model: 'no; name' })).toContain('must be a name');
  expect(issuesOf({ by: 'colour' })).toContain('must be one of operation, model');
});

function issuesOf(input: Readonly<Record<string, string>>): string {
  return CostsInput.safeParse(input).error?.issues.map(({ message }) => message).join() ?? '';
}
