import { expect, test } from 'vitest';
import type { Budget, BudgetEvent } from '#db/schema/index.ts';
import { describeNotices, type Notice } from '#server/services/budgets/notice-text.ts';

const AT = new Date('2026-11-18T12:00:00Z');
const URL = 'https://bot.example/monitoring/budgets';
const budget = (values: Partial<Budget> = {}): Budget => ({
  id: 1, name: 'All', period: 'month', scope: 'all', scopeValue: null, limitUsd: '5', steps: [], createdAt: AT, updatedAt: AT, archivedAt: null, ...values,
});
const event = (values: Partial<BudgetEvent> = {}): BudgetEvent => ({
  id: 1, budgetId: 1, periodDate: '2026-11-01', userId: 0, percent: 80, action: 'cheaper_model', limitUsd: '5.000000000000', committedUsd: '4.012340000000',
  firedAt: AT, liftedAt: null, liftedBy: null, affectedCount: 0, savedUsd: '0', notifiedAt: null, ...values,
});
const text = (...notices: Notice[]) => describeNotices(notices, URL);

test('a notice names the budget, the amounts, the effect with its end, and the page', () => {
  expect(text({ event: event(), budget: budget() })).toBe(
    `Budget “All”: step 80 % reached, $4.0123 of $5 used or reserved. Now: calls go to the cheaper model until 2026-12-01, unless you lift the step.\nSee ${URL}`,
  );
});

test.each([
  ['warn', 'nothing changes yet; the next period begins on 2026-12-01.'],
  ['shorter_answer', 'answers are shorter until 2026-12-01, unless you lift the step.'],
  ['cached_only', 'readings come from our own store only until 2026-12-01, unless you lift the step.'],
  ['pause_free', 'no new readings on the free plan until 2026-12-01, unless you lift the step.'],
  ['stop', 'no new readings until 2026-12-01, unless you lift the step.'],
] as const)('the effect of %s is told in words', (action, effect) => {
  expect(text({ event: event({ action }), budget: budget() })).toContain(effect);
});

test('the amount is that of the user with the most, compared as exact decimals', () => {
  const users = ['0.100000000009', '0.9', '0.10'].map((committedUsd, index) => ({ event: event({ userId: index + 1, committedUsd }), budget: budget({ scope: 'user' }) }));
  expect(text(...users)).toContain('the next call could pass step 80 % for 3 users, at most $0.9 of $5');
  expect(text(...users.slice(0, 1))).toContain('the next call could pass step 80 % for one user, $0.1 of $5');
});

test('what does not fit into a message is counted, and the message stays within what Telegram takes', () => {
  const notices = Array.from({ length: 40 }, (_, index) => ({ event: event({ budgetId: index }), budget: budget({ id: index, name: 'Я'.repeat(80) }) }));
  const message = text(...notices);
  expect(message).toContain('And 28 more.');
  expect(message.length).toBeLessThanOrEqual(4_096);
});

test('steps of a budget that was archived since are told so', () => {
  expect(text({ event: event(), budget: budget({ archivedAt: AT }) })).toContain('The budget has been archived since.');
});

test('a step that is lifted for some users only still has its effect', () => {
  const notices = [null, AT].map((liftedAt, index) => ({ event: event({ userId: index, liftedAt }), budget: budget({ scope: 'user' }) }));
  expect(text(...notices)).toContain('unless you lift the step');
  expect(text(...notices.slice(1))).toContain('lifted since');
});
