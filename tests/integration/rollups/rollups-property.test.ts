import fc from 'fast-check';
import type postgres from 'postgres';
import { expect, test } from 'vitest';
import type { DatabaseHandle } from '#db/client.ts';
import { fixedClock } from '#server/lib/clock.ts';
import { getOverview } from '#server/services/reports/get-overview.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { historyArbitrary, layDown, type History } from '#tests/support/histories.ts';
import { recountOverview } from '#tests/support/naive-overview.ts';
import { dumpRollups } from '#tests/support/rollups.ts';

const NOW = new Date('2026-11-03T12:34:56.789Z');
const DAY_MS = 86_400_000;
const TIME_LIMIT_MS = 120_000;

/** What happens to rows after they were written, or to the rollups. */
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('fold' as const), batch: fc.integer({ min: 1, max: 30 }) }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constantFrom('settle' as const, 'correct' as const, 'deliver' as const), index: fc.nat({ max: 50 }), pico: fc.nat({ max: 1_000_000_000 }) }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constantFrom('refund' as const, 'pay' as const), index: fc.nat({ max: 5 }), agoMs: fc.nat({ max: 40 * DAY_MS }) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('rebuild' as const) }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('zone' as const), zone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia') }), weight: 1 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take({ db, sql }: DatabaseHandle, each: Step): Promise<void> {
  switch (each.kind) {
    case 'fold': {
      await sql`select fold_rollups(${each.batch})`;
      return;
    }
    case 'rebuild': {
      await rebuildRollups({ db, clock: fixedClock(NOW) });
      return;
    }
    case 'zone': {
      await setRollupTimeZone(db, each.zone);
      return;
    }
    case 'refund': {
      await sql`update payments set refunded_at = coalesce(refunded_at, ${new Date(NOW.getTime() - each.agoMs)}) where id = (select id from payments order by id offset ${each.index} limit 1)`;
      return;
    }
    case 'pay': {
      const paidAt = new Date(NOW.getTime() - each.agoMs);
      await sql`insert into payments (telegram_payment_charge_id, user_id, plan, stars, value_usd, paid_at, period_ends_at)
        select gen_random_uuid(), id, 'premium', 250, 3.25, ${paidAt}, ${new Date(paidAt.getTime() + 30 * DAY_MS)} from users order by id offset ${each.index} limit 1`;
      return;
    }
    default: {
      await changeAttempt(sql, each.kind, each.index, `0.${String(each.pico).padStart(12, '0')}`);
    }
  }
}

async function changeAttempt(sql: postgres.Sql, kind: 'settle' | 'correct' | 'deliver', index: number, usd: string): Promise<void> {
  const chosen = sql`(select request_id from ai_usage where ${kind === 'settle' ? sql`status in ('reserved', 'unknown')` : sql`status = 'settled'`} order by request_id offset ${index} limit 1)`;
  if (kind === 'settle') {
    await sql`update ai_usage set status = 'settled', cost_usd = ${usd}, cost_source = 'lookup', duration_ms = 1234, prompt_tokens = 7, disposition = 'undelivered' where request_id = ${chosen}`;
  } else if (kind === 'deliver') {
    await sql`update ai_usage set disposition = 'delivered' where request_id = ${chosen}`;
  } else {
    await sql.begin(async (tx) => {
      const [row] = await tx`insert into ai_cost_corrections (request_id, old_cost_usd, new_cost_usd, old_source, new_source, at)
        select request_id, cost_usd, ${usd}, cost_source, 'lookup', ${NOW} from ai_usage where request_id = ${chosen} returning request_id`;
      if (row) await tx`update ai_usage set cost_usd = ${usd}, cost_source = 'lookup' where request_id = ${row['request_id'] as string}`;
    });
  }
}

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

/** The overview's exact figures, ours and counted row by row. */
async function compare(handle: DatabaseHandle, from: Date, to: Date, timeZone: string): Promise<void> {
  const report = await getOverview({ db: handle.db, clock: fixedClock(NOW), reportingTimeZone: timeZone }, { from: from.toISOString(), to: to.toISOString() });
  const naive = await recountOverview(handle.sql, { from, to, now: NOW });
  expect({ cost: report.cost, generations: report.generations, tokens: report.tokens, activeUsers: report.activeUsers, failed: report.interactions.failedCount })
    .toEqual({ cost: naive.cost, generations: naive.generations, tokens: naive.tokens, activeUsers: naive.activeUsers, failed: naive.interactions.failedCount });
  expect(report.costOverTime.reduce((sum, { generationCount }) => sum + generationCount, 0)).toBe(naive.usage.length);
}

const range = fc.record({ fromAgoMs: fc.integer({ min: 2 * DAY_MS, max: 45 * DAY_MS }), lengthMs: fc.integer({ min: 1, max: 44 * DAY_MS }) });
const zones = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia');

test('whatever was corrected, settled late, refunded, folded or rebuilt in whatever order, a report is what counting row by row gives', async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary, fc.array(step, { maxLength: 12 }), fc.array(range, { minLength: 3, maxLength: 3 }), zones, (history, steps, ranges, zone) =>
      onHistory(history, async (handle) => {
        for (const each of steps) await take(handle, each);
        for (const { fromAgoMs, lengthMs } of ranges) {
          const from = new Date(NOW.getTime() - fromAgoMs);
          await compare(handle, from, new Date(from.getTime() + lengthMs), zone);
        }
      })),
    { numRuns: 25 },
  );
}, TIME_LIMIT_MS);

test('a rebuild ends in the values that folding came to, for whatever history and time zone', async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary, fc.array(step, { maxLength: 10 }), (history, steps) =>
      onHistory(history, async ({ db, sql, ...rest }) => {
        for (const each of steps) await take({ db, sql, ...rest }, each);
        await foldRollups(db);
        const folded = await dumpRollups(sql);
        await rebuildRollups({ db, clock: fixedClock(NOW) });
        expect(await dumpRollups(sql)).toEqual(folded);
      })),
    { numRuns: 8 },
  );
}, TIME_LIMIT_MS);
