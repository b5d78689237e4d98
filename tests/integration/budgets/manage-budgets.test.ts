import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditLog, budgets } from '#db/schema/index.ts';
import { layDownBudgets } from '#server/compose/lay-down-budgets.ts';
import { ACTIVE_BUDGETS_MAX } from '#server/contracts/budgets.ts';
import { archiveBudget } from '#server/services/budgets/archive-budget.ts';
import { SYSTEM_ADMIN_ID } from '#server/services/budgets/deps.ts';
import { getBudget } from '#server/services/budgets/get-budget.ts';
import { listBudgets } from '#server/services/budgets/list-budgets.ts';
import { updateBudget } from '#server/services/budgets/update-budget.ts';
import { ADMIN_ID, DEAR_MODEL, NOON, startBudgetRig, type BudgetRig } from '#tests/support/budgets.ts';
import { seedGeneration } from '#tests/support/seed.ts';

let rig: BudgetRig;
beforeEach(async () => {
  rig = await startBudgetRig();
});
afterEach(() => rig.close());

const STOP = [{ percent: 100, action: 'stop' }] as const;
const at = (instant: string) => new Date(instant);
const committed = async () => (await listBudgets(rig.deps)).budgets.map(({ accounts }) => accounts.map(({ committedUsd }) => Number(committedUsd)));
const update = (budgetId: number, name: string, limitUsd = '2') => updateBudget(rig.deps, { budgetId, name, limitUsd, steps: [...STOP] }, ADMIN_ID);

test('a budget made in the middle of its period counts what the ledger holds of it, open calls with all that they may cost', async () => {
  const { db } = rig.deps;
  await seedGeneration(db, { startedAt: at('2026-11-18T00:00:00Z'), costUsd: '0.25' });
  await seedGeneration(db, { startedAt: at('2026-11-17T23:59:59.999Z'), costUsd: '40' });
  await seedGeneration(db, { startedAt: at('2026-11-18T11:00:00Z'), status: 'reserved', costUsd: null, costSource: 'none', reservedUsd: '0.5' });
  await seedGeneration(db, { startedAt: at('2026-11-18T10:00:00Z'), status: 'void', costUsd: null, costSource: 'none', reservedUsd: '7' });
  await rig.create();
  const { budgets: [budget] } = await listBudgets(rig.deps);
  expect(budget?.accounts[0]).toMatchObject({ committedUsd: '0.750000000000', spentUsd: '0.250000000000', reservedUsd: '0.500000000000', ratio: 0.75 });
  expect(budget).toMatchObject({ periodDate: '2026-11-18', nextPeriodDate: '2026-11-19' });
});

test.each([
  ['operation', 'tarot_card', 0.3],
  ['operation', 'natal_chart', 0.04],
  ['model', DEAR_MODEL, 0.04],
  ['plan', 'premium', 0.1],
  ['plan', 'free', 0.24],
] as const)('a new budget for the %s %s counts only what falls under it', async (scope, scopeValue, expected) => {
  const { db } = rig.deps;
  await seedGeneration(db, { startedAt: NOON, costUsd: '0.2' });
  await seedGeneration(db, { startedAt: NOON, costUsd: '0.1', plan: 'premium' });
  await seedGeneration(db, { startedAt: NOON, costUsd: '0.04', operation: 'natal_chart', model: DEAR_MODEL });
  await rig.create({ scope, scopeValue });
  expect(await committed()).toEqual([[expected]]);
});

test('a budget made while calls are reserved and settled misses none of them and counts none twice', async () => {
  const calls = Array.from({ length: 20 }, (_, index) => rig.call(3, 1, { userId: index }));
  const creations = [rig.create({ limitUsd: '9' }), rig.create({ limitUsd: '9', scope: 'plan', scopeValue: 'free' })];
  await Promise.all([...calls, ...creations]);
  expect(await committed()).toEqual([[0.2], [0.2]]);
});

test('two budgets that are made at once are two, each with its own entry in the audit log', async () => {
  const ids = await Promise.all([rig.create({ name: 'One' }), rig.create({ name: 'Two' })]);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(await rig.audit(id)).toMatchObject([{ action: 'budget.create', adminId: ADMIN_ID, at: NOON, details: { after: { limitUsd: '1.000000000000' } } }]);
});

test('the limit of active budgets holds for those made at once too', async () => {
  const row = { name: 'x', period: 'day' as const, scope: 'all' as const, limitUsd: '1', steps: STOP, createdAt: NOON, updatedAt: NOON };
  await rig.deps.db.insert(budgets).values(Array.from({ length: ACTIVE_BUDGETS_MAX - 1 }, () => row));
  const outcomes = await Promise.allSettled([rig.create(), rig.create(), rig.create()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  await expect(rig.create()).rejects.toMatchObject({ code: 'conflict' });
});

test('a change is in force at the next call, and the audit log holds what was before and after', async () => {
  const id = await rig.create({ limitUsd: '0.1' });
  expect((await rig.reserve(20)).kind).toBe('refused');
  await update(id, 'Wider', '0.5');
  expect((await rig.reserve(20)).kind).toBe('granted');
  expect(await getBudget(rig.deps, { budgetId: id })).toMatchObject({ name: 'Wider', limitUsd: '0.500000000000', steps: STOP, archivedAt: null });
  const [, entry] = await rig.audit(id);
  expect(entry).toMatchObject({ action: 'budget.update', details: { before: { name: 'Test', limitUsd: '0.100000000000' }, after: { name: 'Wider', limitUsd: '0.5' } } });
});

test('of two changes at once one is the last, and its entry says what the other had made', async () => {
  const id = await rig.create();
  await Promise.all([update(id, 'A'), update(id, 'B')]);
  const { name } = await getBudget(rig.deps, { budgetId: id });
  const details = (await rig.audit(id)).slice(1).map((entry) => entry.details);
  expect(details).toMatchObject([{ before: { name: 'Test' } }, { before: { name: name === 'A' ? 'B' : 'A' }, after: { name } }]);
});

test('an archived budget refuses nothing any more, is in no list, and keeps its history', async () => {
  const id = await rig.create({ limitUsd: '0.01' });
  expect((await rig.reserve(5)).kind).toBe('refused');
  await archiveBudget(rig.deps, { budgetId: id }, ADMIN_ID);
  expect((await rig.reserve(5)).kind).toBe('granted');
  expect((await listBudgets(rig.deps)).budgets).toEqual([]);
  expect(await rig.events(id)).toHaveLength(1);
  expect((await getBudget(rig.deps, { budgetId: id })).archivedAt).toBe(NOON.toISOString());
  expect((await rig.audit(id)).at(-1)).toMatchObject({ action: 'budget.archive', adminId: ADMIN_ID });
});

test('an archived budget can be neither changed nor archived again, and nothing is noted of the attempt', async () => {
  const id = await rig.create();
  await archiveBudget(rig.deps, { budgetId: id }, ADMIN_ID);
  await expect(archiveBudget(rig.deps, { budgetId: id }, ADMIN_ID)).rejects.toMatchObject({ code: 'conflict' });
  await expect(update(id, 'Again')).rejects.toMatchObject({ code: 'conflict' });
  expect(await rig.audit(id)).toHaveLength(2);
});

test('of two who archive at once one is told that it is archived', async () => {
  const id = await rig.create();
  const outcomes = await Promise.allSettled([1, 2].map((adminId) => archiveBudget(rig.deps, { budgetId: id }, adminId)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await rig.audit(id)).toHaveLength(2);
});

test('a budget that does not exist is not found', async () => {
  await expect(getBudget(rig.deps, { budgetId: 9 })).rejects.toMatchObject({ code: 'not_found' });
  await expect(update(9, 'x')).rejects.toMatchObject({ code: 'not_found' });
  await expect(archiveBudget(rig.deps, { budgetId: 9 }, ADMIN_ID)).rejects.toMatchObject({ code: 'not_found' });
});

test('a change that cannot be noted is not made', async () => {
  const id = await rig.create();
  await rig.database.handle.sql`alter table audit_log add constraint full_log check (id < 0) not valid`;
  await expect(update(id, 'Unseen')).rejects.toThrow();
  await expect(rig.create({ name: 'Unseen' })).rejects.toThrow();
  expect((await rig.deps.db.select({ name: budgets.name }).from(budgets)).map(({ name }) => name)).toEqual(['Test']);
});

test('entries of the audit log can be neither changed nor deleted', async () => {
  const id = await rig.create();
  const { db } = rig.deps;
  const restricted = { cause: expect.objectContaining({ message: 'audit_log is append-only' }) };
  await expect(db.update(auditLog).set({ adminId: 99 })).rejects.toMatchObject(restricted);
  await expect(db.delete(auditLog).where(eq(auditLog.subject, `budget:${id}`))).rejects.toMatchObject(restricted);
  expect(await db.select({ count: sql<number>`count(*)::int` }).from(auditLog)).toEqual([{ count: 1 }]);
});

test('the sandbox gets its budgets once, counted from its past, and what an admin made of them stays', async () => {
  await seedGeneration(rig.deps.db, { startedAt: at('2026-11-02T10:00:00Z'), costUsd: '1.25' });
  await layDownBudgets(rig.deps);
  expect(await committed()).toEqual([[1.25], []]);
  expect(await rig.audit(1)).toMatchObject([{ action: 'budget.create', adminId: SYSTEM_ADMIN_ID }]);
  for (const budgetId of [1, 2]) await archiveBudget(rig.deps, { budgetId }, ADMIN_ID);
  await layDownBudgets(rig.deps);
  expect((await listBudgets(rig.deps)).budgets).toEqual([]);
});
