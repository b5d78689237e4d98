import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aiUsage, budgetDeltas, budgetEvents, budgetPeriods, budgets } from '#db/schema/index.ts';
import { recountBudgets } from '#server/services/budgets/recount.ts';
import { correctCost } from '#server/services/generations/correct-cost.ts';
import { createReserver } from '#server/services/generations/create-reserver.ts';
import { noonClock } from '#tests/support/bot.ts';
import { CHEAPER, MODEL, startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

const clock = noonClock();
const tomorrow = () => new Date(clock.now().getTime() + 86_400_000);

let rig: LedgerRig;
beforeEach(async () => {
  const started = await startLedgerRig();
  rig = { ...started, read: ({ deps, ...options } = {}) => started.read({ ...options, deps: { clock, ...deps } }) };
});
afterEach(() => rig.close());

/** What the budget has committed, folded in or not, and what the ledger says it must be. */
async function booksOf(budgetId: number) {
  const { sql: raw } = rig.database.handle;
  const [counted] = await raw`
    select (select coalesce(sum(committed_usd), 0) from budget_periods where budget_id = ${budgetId})
      + (select coalesce(sum(amount_usd), 0) from budget_deltas where budget_id = ${budgetId}) as usd`;
  const [ledger] = await raw`
    select coalesce(sum(case status when 'settled' then cost_usd when 'void' then 0 else coalesce(reserved_usd, 0) end), 0) as usd from ai_usage`;
  return { counted: Number(counted?.['usd']), ledger: Number(ledger?.['usd']) };
}

const dayBudget = (limitUsd: string, steps: Parameters<LedgerRig['addBudget']>[0]['steps']) => rig.addBudget({ limitUsd, steps });
const STOP = [{ percent: 100, action: 'stop' }] as const;

test('a hard limit refuses the call that could pass it, no row is made, and the user is told until when', async () => {
  const id = await dayBudget('0.000001', STOP);
  const { result, rows } = await rig.read();
  expect(result).toMatchObject({ status: 'limited', refusal: { action: 'stop', budgetId: id } });
  expect(rows).toEqual([]);
  expect(result.status === 'limited' && result.refusal.resumesOn).toBe(tomorrow().toISOString().slice(0, 10));
  expect((await rig.openRouter.journal()).entries).toEqual([]);
});

test('what was reserved too much is given back when the call is settled, and all of it when it was not billed', async () => {
  const id = await dayBudget('1', STOP);
  await rig.read();
  const afterOne = await booksOf(id);
  expect(afterOne.counted).toBe(afterOne.ledger);
  expect(afterOne.counted).toBeGreaterThan(0);
  await rig.openRouter.addFault({ mode: '500', times: 9 });
  await rig.read({ deps: { llm: rig.openRouter.client({ attemptsMax: 2 }) } });
  expect((await booksOf(id)).counted).toBe(afterOne.counted);
});

test('a call of unknown cost counts with all that it may have cost, until it is looked up', async () => {
  const id = await dayBudget('1', STOP);
  await rig.openRouter.addFault({ mode: 'bill_then_hang' });
  const [row] = (await rig.read({ deps: { llm: rig.openRouter.client({ idleTimeoutMs: 600 }) } })).rows;
  expect((await booksOf(id)).counted).toBe(Number(row?.reservedUsd));
  await rig.deps.db.update(aiUsage).set({ nextLookupAt: new Date(0) });
  await rig.lookUp();
  const settled = await rig.row(row?.requestId ?? '');
  expect((await booksOf(id)).counted).toBe(Number(settled.costUsd));
});

test('corrections move the budget by their difference', async () => {
  const id = await dayBudget('1', STOP);
  await rig.openRouter.addFault({ mode: 'missing_cost' });
  const [row] = (await rig.read()).rows;
  await correctCost(rig.deps.db, { requestId: row?.requestId ?? '', costUsd: '0.125', source: 'lookup', at: new Date(), reportingTimeZone: 'UTC' });
  expect((await booksOf(id)).counted).toBe(0.125);
});

test('a step fires once however many calls reach it, and counts what it changed and saved', async () => {
  const id = await dayBudget('0.01', [{ percent: 1, action: 'warn' }, { percent: 1, action: 'cheaper_model' }]);
  for (let reading = 0; reading < 4; reading += 1) await rig.read();
  const events = await rig.deps.db.select().from(budgetEvents).where(eq(budgetEvents.budgetId, id));
  expect(events.map(({ action, affectedCount }) => [action, affectedCount]).sort()).toEqual([['cheaper_model', 3], ['warn', 0]]);
  const cheaper = events.find(({ action }) => action === 'cheaper_model');
  expect(Number(cheaper?.savedUsd)).toBeGreaterThan(0);
  const rows = await rig.deps.db.select({ model: aiUsage.model }).from(aiUsage).orderBy(aiUsage.startedAt);
  expect(rows.map(({ model }) => model)).toEqual([MODEL, CHEAPER, CHEAPER, CHEAPER]);
});

test('a refused call counts what such a call cost lately as saved', async () => {
  const id = await dayBudget('1', STOP);
  const [row] = (await rig.read()).rows;
  await rig.deps.db.update(budgets).set({ limitUsd: '0.000001' }).where(eq(budgets.id, id));
  await rig.read();
  await rig.read();
  const [event] = await rig.deps.db.select().from(budgetEvents);
  expect(event).toMatchObject({ action: 'stop', affectedCount: 2 });
  expect(Number(event?.savedUsd)).toBeCloseTo(2 * Number(row?.costUsd), 10);
});

test('a lifted step lets calls pass for the rest of its period, and the next period begins afresh', async () => {
  const id = await dayBudget('0.000001', STOP);
  await rig.read();
  await rig.deps.db.update(budgetEvents).set({ liftedAt: new Date() });
  expect((await rig.read()).result.status).toBe('answered');
  const { result } = await rig.read({ deps: { clock: { now: tomorrow } } });
  expect(result.status).toBe('limited');
  expect(await rig.deps.db.$count(budgetEvents, eq(budgetEvents.budgetId, id))).toBe(2);
});

test('a budget for each user limits one and leaves another alone', async () => {
  await rig.addBudget({ scope: 'user', limitUsd: '0.0015', steps: STOP });
  const statuses: string[] = [];
  for (let reading = 0; reading < 4; reading += 1) statuses.push((await rig.read({ userId: 1 })).result.status);
  expect(statuses[0]).toBe('answered');
  expect(statuses.at(-1)).toBe('limited');
  expect((await rig.read({ userId: 2 })).result.status).toBe('answered');
});

test('fifty calls at once never commit more than the limit, and each is answered or told of the limit', async () => {
  const id = await dayBudget('0.02', STOP);
  const reserve = createReserver({ db: rig.deps.db, reportingTimeZone: 'UTC', cheaperModel: CHEAPER, leaseMs: 60_000 });
  const results = await Promise.all(Array.from({ length: 50 }, (_, userId) => rig.read({ userId, deps: { reserve } })));
  const kinds = Map.groupBy(results, ({ result }) => result.status);
  expect((kinds.get('answered')?.length ?? 0) + (kinds.get('limited')?.length ?? 0)).toBe(50);
  expect(kinds.get('answered')?.length).toBeGreaterThan(0);
  expect(kinds.get('limited')?.length).toBeGreaterThan(0);
  const [reserved] = await rig.deps.db.select({ usd: sql<string>`sum(reserved_usd)` }).from(aiUsage);
  expect(Number(reserved?.usd)).toBeGreaterThan(0);
  const books = await booksOf(id);
  expect(books.counted).toBe(books.ledger);
  expect(books.counted).toBeLessThanOrEqual(0.02);
});

test('a recount finds what was counted already', async () => {
  const id = await rig.addBudget({ scope: 'user', limitUsd: '1', steps: STOP });
  await Promise.all(Array.from({ length: 6 }, (_, index) => rig.read({ userId: index % 3 })));
  const before = await booksOf(id);
  await recountBudgets(rig.deps.db, 'UTC', clock.now());
  expect(await booksOf(id)).toEqual(before);
  expect(await rig.deps.db.$count(budgetDeltas)).toBe(0);
  expect(await rig.deps.db.$count(budgetPeriods)).toBe(3);
});
