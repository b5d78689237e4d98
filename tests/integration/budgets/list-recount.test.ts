import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHEAP_MODEL, DEAR_MODEL, startBudgetRig, type BudgetRig } from '#tests/support/budgets.ts';
import type { CreateBudgetInput } from '#server/contracts/budgets.ts';
import { listBudgets } from '#server/services/budgets/list-budgets.ts';

const TIME_ZONE = 'America/St_Johns';
const DAY_MS = 86_400_000;
const USERS = [1, 2, 3];

let rig: BudgetRig;
beforeAll(async () => {
  rig = await startBudgetRig(TIME_ZONE);
});
afterAll(() => rig.close());

type Scope = Pick<CreateBudgetInput, 'scope' | 'scopeValue' | 'period'>;
const scope: fc.Arbitrary<Scope> = fc.record({
  period: fc.constantFrom('day', 'week', 'month'),
  narrow: fc.constantFrom<Pick<Scope, 'scope' | 'scopeValue'>>(
    { scope: 'all', scopeValue: null },
    { scope: 'user', scopeValue: null },
    { scope: 'operation', scopeValue: 'natal_chart' },
    { scope: 'model', scopeValue: DEAR_MODEL },
    { scope: 'model', scopeValue: CHEAP_MODEL },
    { scope: 'plan', scopeValue: 'premium' },
  ),
}).map(({ period, narrow }) => ({ period, ...narrow }));

const call = fc.record({
  /** Since the call before: mostly moments, sometimes days. */
  passedMs: fc.oneof({ arbitrary: fc.nat({ max: 3_600_000 }), weight: 4 }, { arbitrary: fc.nat({ max: 9 * DAY_MS }), weight: 1 }),
  reservedCents: fc.integer({ min: 1, max: 40 }),
  /** Null: it stays open. */
  costCents: fc.option(fc.nat({ max: 60 })),
  userId: fc.constantFrom(...USERS),
  plan: fc.constantFrom('free' as const, 'premium' as const),
  operation: fc.constantFrom('tarot_card' as const, 'natal_chart' as const),
});

const history = fc.record({ before: fc.array(call, { maxLength: 6 }), budgets: fc.array(scope, { minLength: 1, maxLength: 5 }), after: fc.array(call, { maxLength: 8 }) });

/** What a budget must have committed in its period, reckoned in cents from the rows of the ledger by plain arithmetic. */
async function recount({ scope: kind, scopeValue }: Scope, from: string, to: string): Promise<Map<number | null, number>> {
  const rows = await rig.database.handle.sql<{ user_id: number; operation: string; model: string; plan: string; status: string; cost: string | null; reserved: string; date: string }[]>`
    select user_id::int, operation, model, plan, status, cost_usd::text as cost, reserved_usd::text as reserved, (started_at at time zone ${TIME_ZONE})::date::text as date from ai_usage`;
  const sums = new Map<number | null, number>(kind === 'user' ? [] : [[null, 0]]);
  for (const row of rows) {
    if (row.date < from || row.date >= to) continue;
    if (kind !== 'all' && kind !== 'user' && row[kind] !== scopeValue) continue;
    const key = kind === 'user' ? row.user_id : null;
    sums.set(key, (sums.get(key) ?? 0) + Math.round(Number(row.status === 'settled' ? row.cost : row.reserved) * 1_000));
  }
  return sums;
}

async function happen(calls: readonly (typeof call extends fc.Arbitrary<infer T> ? T : never)[], start: Date): Promise<Date> {
  let at = start;
  for (const { passedMs, reservedCents, costCents, ...options } of calls) {
    at = new Date(at.getTime() + passedMs);
    rig.setNow(at);
    const reservation = await rig.reserve(reservedCents, options);
    if (reservation.kind === 'granted' && costCents !== null) await rig.settle(reservation.requestId, costCents);
  }
  return at;
}

test('what the list says of each budget is what an independent count of the ledger says, whatever has happened', async () => {
  const { sql } = rig.database.handle;
  await fc.assert(
    fc.asyncProperty(history, async ({ before, budgets, after }) => {
      await sql`truncate budgets, budget_periods, budget_deltas, budget_events, ai_usage, ai_cost_corrections restart identity`;
      const made = await happen(before, new Date('2026-10-28T02:00:00Z'));
      rig.setNow(made);
      for (const budget of budgets) await rig.create({ ...budget, limitUsd: '3', steps: [{ percent: 20, action: 'cheaper_model' }, { percent: 100, action: 'stop' }] });
      await happen(after, made);
      for (const row of (await listBudgets(rig.deps)).budgets) {
        const expected = await recount(row, row.periodDate, row.nextPeriodDate);
        const told = new Map(row.accounts.map(({ userId, committedUsd }) => [userId, Math.round(Number(committedUsd) * 1_000)]));
        // An account that fell back to nothing may stay.
        for (const key of new Set([...expected.keys(), ...told.keys()])) expect(told.get(key) ?? 0, JSON.stringify(row)).toBe(expected.get(key) ?? 0);
        for (const { committedUsd, spentUsd, reservedUsd } of row.accounts) expect(Number(spentUsd) + Number(reservedUsd)).toBeCloseTo(Number(committedUsd), 10);
      }
    }),
    { numRuns: 25 },
  );
});
