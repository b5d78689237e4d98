import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOwnerSender } from '#server/bot/send-to-owner.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { createSchedules } from '#server/jobs/schedules.ts';
import { fireMildSteps } from '#server/services/budgets/fire-mild-steps.ts';
import { liftStep } from '#server/services/budgets/lift-step.ts';
import { notifyOwner } from '#server/services/budgets/notify-owner.ts';
import { ADMIN_ID, startBudgetRig, type BudgetRig } from '#tests/support/budgets.ts';
import { seedGeneration } from '#tests/support/seed.ts';
import { BEN, startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

const BUDGETS_URL = 'https://bot.example/monitoring/budgets';

let telegram: TestTelegram;
let rig: BudgetRig;
let outcomes: string[];
beforeAll(async () => {
  telegram = await startTestTelegram();
});
beforeEach(async () => {
  rig = await startBudgetRig();
  outcomes = [];
  // A bot may write only to whoever has written to it.
  await telegram.control.write(BEN, '/start');
});
afterEach(async () => {
  await telegram.control.clearFaults();
  await rig.close();
});
afterAll(() => telegram.close());

/** What `send_budget_notices` does every minute. */
async function everyMinute(chatId: number | null = BEN.id): Promise<void> {
  const sendToOwner = chatId === null ? null : createOwnerSender(telegram, chatId, ({ outcome }) => void outcomes.push(outcome));
  const schedules = createSchedules({ ...rig.deps, llm: null, drift: null, sendToOwner, budgetsUrl: BUDGETS_URL, overviewUrl: 'https://bot.example/monitoring', retention: { interactions: 0, ledger: 0 }, onDeleted: () => undefined });
  await schedules.find(({ name }) => name === 'send_budget_notices')?.run();
}
const told = async () => {
  const { messages } = await telegram.control.readChat(BEN.id);
  const lastOwn = messages.findLastIndex(({ from }) => from !== 'bot');
  return messages.slice(lastOwn + 1).map(({ text }) => text);
};

test('the owner is told once of a step that has fired: which budget, how much, what happens now and where to look', async () => {
  await rig.create({ name: 'All of <b>it</b>', limitUsd: '0.1' });
  await rig.call(9, 9);
  expect((await rig.reserve(20)).kind).toBe('refused');
  await everyMinute();
  await everyMinute();
  expect(await told()).toEqual([
    `Budget “All of <b>it</b>”: the next call could pass step 100 %, $0.09 of $0.1 used or reserved. Now: no new readings until 2026-11-19, unless you lift the step.\nSee ${BUDGETS_URL}`,
  ]);
  expect(outcomes).toEqual(['ok']);
});

test('a notice that could not be sent is still owed, and is sent once Telegram answers again', async () => {
  const id = await rig.create({ limitUsd: '0.1' });
  await rig.reserve(20);
  await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 502, times: 2 });
  await expect(everyMinute()).rejects.toThrow();
  await expect(everyMinute()).rejects.toThrow();
  expect((await rig.events(id))[0]?.notifiedAt).toBeNull();
  await everyMinute();
  await everyMinute();
  expect(await told()).toHaveLength(1);
  expect((await rig.events(id))[0]?.notifiedAt).not.toBeNull();
  expect(outcomes).toEqual(['server_error', 'server_error', 'ok']);
});

test('a step that fires while the notice before it is owed joins it: several are one message', async () => {
  await rig.create({ name: 'Free', scope: 'plan', scopeValue: 'free', limitUsd: '0.1' });
  await rig.create({ name: 'Premium', scope: 'plan', scopeValue: 'premium', limitUsd: '0.2' });
  await rig.reserve(20);
  await telegram.control.addFault({ method: 'sendMessage', kind: 'error', errorCode: 500, times: 1 });
  await expect(everyMinute()).rejects.toThrow();
  await rig.reserve(30, { plan: 'premium' });
  await everyMinute();
  const [message, ...others] = await told();
  expect(others).toEqual([]);
  expect(message?.split('\n').map((line) => /“(.*)”/.exec(line)?.[1])).toEqual(['Free', 'Premium', undefined]);
});

test('without a chat of the owner nothing is sent, and nothing piles up for one that is set later', async () => {
  const id = await rig.create({ limitUsd: '0.1' });
  await rig.reserve(20);
  await everyMinute(null);
  expect((await rig.events(id))[0]?.notifiedAt).not.toBeNull();
  await everyMinute();
  expect(await told()).toEqual([]);
});

test('a chat that refuses the bot keeps the notices owed and says so each time', async () => {
  const id = await rig.create({ limitUsd: '0.1' });
  await rig.reserve(20);
  await expect(everyMinute(BEN.id + 999)).rejects.toThrow(/chat not found/i);
  expect((await rig.events(id))[0]?.notifiedAt).toBeNull();
});

test('a mild step that is reached without a call fires by itself and is told at once, a refusing one waits for a call', async () => {
  await seedGeneration(rig.deps.db, { startedAt: rig.deps.clock.now(), costUsd: '0.9' });
  const id = await rig.create({ limitUsd: '1', steps: [{ percent: 50, action: 'warn' }, { percent: 80, action: 'shorter_answer' }, { percent: 85, action: 'cheaper_model' }, { percent: 90, action: 'stop' }, { percent: 95, action: 'warn' }] });
  await everyMinute();
  expect((await rig.events(id)).map(({ percent, action, committedUsd, affectedCount }) => [percent, action, committedUsd, affectedCount])).toEqual([
    [50, 'warn', '0.900000000000', 0],
    [80, 'shorter_answer', '0.900000000000', 0],
    [85, 'cheaper_model', '0.900000000000', 0],
  ]);
  expect(await told()).toEqual([expect.stringMatching(/^Budget “Test”: step 50 % reached.*nothing changes yet.*\n.*step 80 %.*answers are shorter until.*\n.*step 85 %.*cheaper model/)]);
});

test('a step that fired by itself does not fire again at the next call, nor twice when two processes look at once', async () => {
  const id = await rig.create({ steps: [{ percent: 50, action: 'warn' }] });
  await rig.call(50, 50);
  const fired = await Promise.all([fireMildSteps(rig.deps), fireMildSteps(rig.deps), rig.reserve(1)]);
  expect(fired.slice(0, 2).reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0)).toBeLessThanOrEqual(1);
  await rig.call(1, 1);
  expect(await fireMildSteps(rig.deps)).toBe(0);
  expect(await rig.events(id)).toHaveLength(1);
});

test('a step exactly at its threshold fires, one a fraction below does not, and in the next period it fires anew', async () => {
  const id = await rig.create({ limitUsd: '0.3', steps: [{ percent: 33, action: 'warn' }, { percent: 34, action: 'warn' }] });
  await rig.call(10, 9.9);
  expect(await fireMildSteps(rig.deps)).toBe(1);
  rig.setNow(new Date('2026-11-19T01:00:00Z'));
  expect(await fireMildSteps(rig.deps)).toBe(0);
  await rig.call(10, 9.9);
  expect(await fireMildSteps(rig.deps)).toBe(1);
  expect((await rig.events(id)).map(({ percent, periodDate }) => [percent, periodDate])).toEqual([[33, '2026-11-18'], [33, '2026-11-19']]);
});

test('many users who reach the same step are one line', async () => {
  await rig.create({ name: 'Each', scope: 'user', limitUsd: '0.1' });
  for (let userId = 1; userId <= 12; userId += 1) await rig.call(8, userId === 5 ? 7 : 2, { userId });
  for (let userId = 1; userId <= 12; userId += 1) await rig.reserve(20, { userId });
  await everyMinute();
  expect(await told()).toEqual([
    `Budget “Each”: the next call could pass step 100 % for 12 users, at most $0.07 of $0.1 used or reserved. For them: no new readings until 2026-11-19, unless you lift the step.\nSee ${BUDGETS_URL}`,
  ]);
});

test('a step that was lifted before it could be told is told as lifted', async () => {
  const id = await rig.create({ limitUsd: '0.1' });
  await rig.reserve(20);
  await liftStep(rig.deps, { eventId: (await rig.events(id))[0]?.id ?? 0 }, ADMIN_ID);
  await everyMinute();
  expect(await told()).toEqual([expect.stringContaining('The step has been lifted since.')]);
});

test('with nothing to tell no message is sent, and the schedule is one of the known ones', async () => {
  expect(await notifyOwner({ ...rig.deps, sendToOwner: () => Promise.reject(new Error('nobody may be told')), budgetsUrl: BUDGETS_URL })).toBe(0);
  expect(SCHEDULE_NAMES).toContain('send_budget_notices');
});
