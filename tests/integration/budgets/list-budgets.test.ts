import { afterEach, beforeEach, expect, test } from 'vitest';
import { BudgetBanner, BudgetEventPage, BudgetList } from '#server/contracts/budgets.ts';
import { archiveBudget } from '#server/services/budgets/archive-budget.ts';
import { liftStep } from '#server/services/budgets/lift-step.ts';
import { listBanners } from '#server/services/budgets/list-banners.ts';
import { listBudgets } from '#server/services/budgets/list-budgets.ts';
import { listEvents } from '#server/services/budgets/list-events.ts';
import { readRatios } from '#server/services/budgets/read-ratios.ts';
import { updateBudget } from '#server/services/budgets/update-budget.ts';
import { ADMIN_ID, NOON, startBudgetRig, type BudgetRig } from '#tests/support/budgets.ts';

let rig: BudgetRig;
beforeEach(async () => {
  rig = await startBudgetRig();
});
afterEach(() => rig.close());

const WARN_AND_STOP = [{ percent: 100, action: 'stop' }, { percent: 50, action: 'warn' }] as const;
const list = async () => BudgetList.parse(await listBudgets(rig.deps)).budgets;
const banners = async () => BudgetBanner.array().parse(await listBanners(rig.deps));
const states = async () => (await list())[0]?.accounts[0]?.steps.map(({ action, state }) => [action, state]);
const inForce = async () => (await banners()).flatMap(({ steps }) => steps.map(({ action, userCount }) => [action, userCount]));

test('a budget without any use stands at nothing, with all steps waiting and no banner', async () => {
  await rig.create({ steps: [...WARN_AND_STOP] });
  expect((await list())[0]?.accounts).toMatchObject([{ userId: null, committedUsd: '0.000000000000', spentUsd: '0.000000000000', reservedUsd: '0.000000000000', ratio: 0 }]);
  expect(await states()).toEqual([['warn', 'waiting'], ['stop', 'waiting']]);
  expect(await banners()).toEqual([]);
});

test('what is reserved and what is spent stand apart, and are together what is committed, folded in or not', async () => {
  await rig.create();
  await rig.call(30, 10);
  await rig.reserve(25);
  await rig.call(10, 4);
  expect((await list())[0]?.accounts).toMatchObject([{ committedUsd: '0.390000000000', spentUsd: '0.140000000000', reservedUsd: '0.250000000000' }]);
});

test('a warning is in force from its threshold on, before it has fired and after', async () => {
  const budgetId = await rig.create({ steps: [...WARN_AND_STOP] });
  await rig.call(50, 50);
  expect(await rig.events(budgetId)).toEqual([]);
  expect(await states()).toEqual([['warn', 'in_force'], ['stop', 'waiting']]);
  await rig.call(1, 1);
  expect(await rig.events(budgetId)).toHaveLength(1);
  const [banner] = await banners();
  expect(banner).toMatchObject({ budgetId, ratio: 0.51, committedUsd: '0.510000000000', nextPeriodDate: '2026-11-19', steps: [{ percent: 50, action: 'warn', userCount: 0 }] });
});

test('a stop that refused a call is in force below its limit too, since the next such call would be refused', async () => {
  await rig.create({ steps: [...WARN_AND_STOP] });
  await rig.call(90, 90);
  expect((await rig.reserve(20)).kind).toBe('refused');
  expect(await inForce()).toEqual([['stop', 0], ['warn', 0]]);
});

test('a stop that refused only because much was reserved is not in force any more once the calls turn out cheap', async () => {
  await rig.create();
  const held = await rig.reserve(90);
  expect((await rig.reserve(20)).kind).toBe('refused');
  expect(await inForce()).toEqual([['stop', 0]]);
  if (held.kind === 'granted') await rig.settle(held.requestId, 2);
  await rig.call(20, 3);
  expect(await states()).toEqual([['stop', 'reached']]);
  expect(await banners()).toEqual([]);
});

test('a higher limit, a lift and the turn of the period each end a step', async () => {
  const budgetId = await rig.create({ limitUsd: '0.1' });
  expect((await rig.reserve(20)).kind).toBe('refused');
  expect(await inForce()).toEqual([['stop', 0]]);
  const steps = [{ percent: 100, action: 'stop' as const }];
  await updateBudget(rig.deps, { budgetId, name: 'Test', limitUsd: '1', steps }, ADMIN_ID);
  expect(await states()).toEqual([['stop', 'reached']]);
  await updateBudget(rig.deps, { budgetId, name: 'Test', limitUsd: '0.1', steps }, ADMIN_ID);
  expect(await inForce()).toEqual([['stop', 0]]);
  await liftStep(rig.deps, { eventId: (await rig.events(budgetId))[0]?.id ?? 0 }, ADMIN_ID);
  expect(await states()).toEqual([['stop', 'lifted']]);
  expect(await banners()).toEqual([]);
  rig.setNow(new Date('2026-11-19T08:00:00Z'));
  expect(await states()).toEqual([['stop', 'waiting']]);
});

test('a budget for each user shows those who used the most, and how many there are', async () => {
  await rig.create({ scope: 'user' });
  for (let userId = 1; userId <= 7; userId += 1) await rig.call(50, userId, { userId });
  await rig.reserve(40, { userId: 2 });
  expect((await rig.reserve(200, { userId: 8 })).kind).toBe('refused');
  const [budget] = await list();
  expect(budget?.userCount, 'who was refused has used nothing').toBe(7);
  expect(budget?.accounts.map(({ userId, spentUsd, reservedUsd }) => [userId, Number(spentUsd), Number(reservedUsd)])).toEqual([
    [2, 0.02, 0.4], [7, 0.07, 0], [6, 0.06, 0], [5, 0.05, 0], [4, 0.04, 0],
  ]);
});

test('a banner of a budget for each user says for how many of them, and the hardest step first', async () => {
  await rig.create({ scope: 'user', limitUsd: '0.2', steps: [{ percent: 50, action: 'shorter_answer' }, { percent: 100, action: 'stop' }] });
  await rig.call(15, 15, { userId: 1 });
  await rig.call(15, 15, { userId: 2 });
  await rig.call(15, 1, { userId: 3 });
  expect((await rig.reserve(20, { userId: 1 })).kind).toBe('refused');
  expect(await inForce()).toEqual([['stop', 1], ['shorter_answer', 2]]);
});

test('a budget for each user that nobody used has no account and no banner', async () => {
  await rig.create({ scope: 'user' });
  expect((await list())[0]).toMatchObject({ accounts: [], userCount: 0 });
  expect(await readRatios(rig.deps.db, { now: NOON, reportingTimeZone: 'UTC' })).toEqual([{ budgetId: 1, ratio: 0 }]);
});

test('the ratios of the metric are those of the list, of the user with the most where it is for each user', async () => {
  const all = await rig.create({ limitUsd: '4' });
  const each = await rig.create({ scope: 'user' });
  const archived = await rig.create();
  await archiveBudget(rig.deps, { budgetId: archived }, ADMIN_ID);
  await rig.call(50, 50, { userId: 1 });
  await rig.call(50, 10, { userId: 2 });
  await rig.reserve(10, { userId: 2 });
  const ratios = await readRatios(rig.deps.db, { now: NOON, reportingTimeZone: 'UTC' });
  expect(ratios).toEqual([{ budgetId: all, ratio: 0.175 }, { budgetId: each, ratio: 0.5 }]);
  expect((await list()).map(({ budgetId, accounts }) => ({ budgetId, ratio: accounts[0]?.ratio }))).toEqual(ratios);
});

test('the history is the newest first, page by page, with what each step saved and how many calls it changed', async () => {
  const budgetId = await rig.create({ scope: 'user', limitUsd: '0.1' });
  await rig.call(5, 4, { userId: 9 });
  for (let userId = 1; userId <= 5; userId += 1) {
    rig.setNow(new Date(NOON.getTime() + userId * 1_000));
    await rig.reserve(20, { userId });
    await rig.reserve(20, { userId });
  }
  const first = BudgetEventPage.parse(await listEvents(rig.deps, { limit: 2 }));
  expect(first.rows.map(({ userId, affectedCount, savedUsd }) => [userId, affectedCount, Number(savedUsd)])).toEqual([[5, 2, 0.08], [4, 2, 0.08]]);
  expect(first.rows[0]).toMatchObject({ budgetId, name: 'Test', periodDate: '2026-11-18', percent: 100, action: 'stop', limitUsd: '0.100000000000', liftedAt: null, isLiftable: true });
  await rig.reserve(20, { userId: 6 });
  const second = await listEvents(rig.deps, { limit: 2, before: first.nextBefore ?? 0 });
  const third = await listEvents(rig.deps, { limit: 2, before: second.nextBefore ?? 0 });
  expect([...second.rows, ...third.rows].map(({ userId }) => userId)).toEqual([3, 2, 1]);
  expect(third.nextBefore).toBeNull();
  expect((await listEvents(rig.deps, { budgetId: budgetId + 1 })).rows).toEqual([]);
  expect((await listEvents(rig.deps, { before: 999 })).rows).toEqual([]);
});

test('weeks and months are those of the reporting time zone', async () => {
  await rig.close();
  rig = await startBudgetRig('Pacific/Auckland');
  rig.setNow(new Date('2026-11-29T12:00:00Z'));
  await rig.create({ period: 'week' });
  await rig.create({ period: 'month' });
  await rig.call(30, 20);
  rig.setNow(new Date('2026-11-30T10:59:00Z'));
  const spans = async () => (await list()).map(({ periodDate, nextPeriodDate, accounts }) => [periodDate, nextPeriodDate, accounts[0]?.ratio]);
  expect(await spans()).toEqual([['2026-11-30', '2026-12-07', 0.2], ['2026-11-01', '2026-12-01', 0.2]]);
  rig.setNow(new Date('2026-11-30T11:00:00Z'));
  expect(await spans()).toEqual([['2026-11-30', '2026-12-07', 0.2], ['2026-12-01', '2027-01-01', 0]]);
});
