import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { admins } from '#db/schema/index.ts';
import { archiveBudget } from '#server/services/budgets/archive-budget.ts';
import { liftStep } from '#server/services/budgets/lift-step.ts';
import { listEvents } from '#server/services/budgets/list-events.ts';
import { ADMIN_ID, CHEAP_MODEL, DEAR_MODEL, NOON, startBudgetRig, type BudgetRig } from '#tests/support/budgets.ts';

let rig: BudgetRig;
beforeEach(async () => {
  rig = await startBudgetRig();
});
afterEach(() => rig.close());

const NEXT_DAY = new Date('2026-11-19T00:00:00Z');
const lift = (eventId: number, adminId = ADMIN_ID) => liftStep(rig.deps, { eventId }, adminId);

/** Makes a budget, runs into its limit, and gives its id and the event of its stop. */
async function refusedOnce(): Promise<{ budgetId: number; eventId: number }> {
  const budgetId = await rig.create({ limitUsd: '0.1' });
  expect((await rig.reserve(20)).kind).toBe('refused');
  const [event] = await rig.events(budgetId);
  return { budgetId, eventId: event?.id ?? 0 };
}

test('after a stop is lifted calls pass, and the audit log says who lifted what', async () => {
  const { budgetId, eventId } = await refusedOnce();
  await lift(eventId);
  expect((await rig.reserve(20)).kind).toBe('granted');
  expect((await rig.audit(budgetId)).at(-1)).toMatchObject({ action: 'budget.lift', adminId: ADMIN_ID, details: { eventId, percent: 100, action: 'stop', periodDate: '2026-11-18' } });
});

test('when the period turns, a lifted step is in force again and fires again', async () => {
  const { budgetId, eventId } = await refusedOnce();
  await lift(eventId);
  rig.setNow(NEXT_DAY);
  const refused = await rig.reserve(20);
  expect(refused).toEqual({ kind: 'refused', refusal: { action: 'stop', budgetId, resumesOn: '2026-11-20' } });
  expect((await rig.events(budgetId)).map(({ periodDate, liftedAt }) => [periodDate, liftedAt === null])).toEqual([['2026-11-18', false], ['2026-11-19', true]]);
});

test('a step of one percent is lifted alone: another one of the same action still holds', async () => {
  const budgetId = await rig.create({ limitUsd: '0.5', steps: [{ percent: 20, action: 'stop' }, { percent: 100, action: 'stop' }] });
  expect((await rig.reserve(20)).kind).toBe('refused');
  const [event] = await rig.events(budgetId);
  await lift(event?.id ?? 0);
  expect((await rig.reserve(20)).kind).toBe('granted');
  expect((await rig.reserve(40)).kind).toBe('refused');
});

test('a lifted cheaper model gives the next call the model that it asked for', async () => {
  const budgetId = await rig.create({ steps: [{ percent: 10, action: 'cheaper_model' }] });
  await rig.call(20, 20);
  expect(await rig.reserve(20)).toMatchObject({ kind: 'granted', model: CHEAP_MODEL });
  const [event] = await rig.events(budgetId);
  await lift(event?.id ?? 0);
  expect(await rig.reserve(20)).toMatchObject({ kind: 'granted', model: DEAR_MODEL });
});

test('a step that is lifted for one user still holds for another', async () => {
  const budgetId = await rig.create({ scope: 'user', limitUsd: '0.1' });
  expect((await rig.reserve(20, { userId: 1 })).kind).toBe('refused');
  expect((await rig.reserve(20, { userId: 2 })).kind).toBe('refused');
  const events = await rig.events(budgetId);
  await lift(events.find(({ userId }) => userId === 1)?.id ?? 0);
  expect((await rig.reserve(20, { userId: 1 })).kind).toBe('granted');
  expect((await rig.reserve(20, { userId: 2 })).kind).toBe('refused');
});

test('lifting twice, at once too, changes nothing more: the first admin stays on record', async () => {
  const { budgetId, eventId } = await refusedOnce();
  await Promise.all([lift(eventId, 1), lift(eventId, 2)]);
  await lift(eventId, 3);
  const lifts = (await rig.audit(budgetId)).filter(({ action }) => action === 'budget.lift');
  expect(lifts).toHaveLength(1);
  expect((await rig.events(budgetId))[0]?.liftedBy).toBe(lifts[0]?.adminId);
});

test('a step whose period is over cannot be lifted any more', async () => {
  const { eventId } = await refusedOnce();
  rig.setNow(NEXT_DAY);
  await expect(lift(eventId)).rejects.toMatchObject({ code: 'conflict' });
});

test('neither can one of an archived budget, nor one that never fired', async () => {
  const { budgetId, eventId } = await refusedOnce();
  await archiveBudget(rig.deps, { budgetId }, ADMIN_ID);
  await expect(lift(eventId)).rejects.toMatchObject({ code: 'conflict' });
  await expect(lift(eventId + 1)).rejects.toMatchObject({ code: 'not_found' });
});

test('the history says by e-mail who lifted a step, and what can still be lifted', async () => {
  const { db } = rig.deps;
  const [admin] = await db.insert(admins).values({ email: 'ops@example.com', passwordHash: 'x', role: 'operator', createdAt: NOON }).returning({ id: admins.id });
  const { budgetId, eventId } = await refusedOnce();
  const isLiftable = async () => (await listEvents(rig.deps, { budgetId })).rows.map((row) => row.isLiftable);
  expect(await isLiftable()).toEqual([true]);
  await lift(eventId, admin?.id);
  expect((await listEvents(rig.deps, { budgetId })).rows[0]).toMatchObject({ liftedBy: 'ops@example.com', liftedAt: NOON.toISOString(), isLiftable: false });
  await db.delete(admins).where(eq(admins.id, admin?.id ?? 0));
  expect((await listEvents(rig.deps, { budgetId })).rows[0]).toMatchObject({ liftedBy: null, liftedAt: NOON.toISOString() });
});
