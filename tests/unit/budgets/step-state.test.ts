import { expect, test } from 'vitest';
import type { BudgetStep } from '#db/schema/index.ts';
import type { RunningAccount, RunningEvent } from '#server/services/budgets/running-accounts.ts';
import { isRefusing, stepStateOf, thresholdOf } from '#server/services/budgets/step-state.ts';

const WARN: BudgetStep = { percent: 50, action: 'warn' };
const STOP: BudgetStep = { percent: 100, action: 'stop' };
const fired = (step: BudgetStep, event: Partial<RunningEvent> = {}): RunningEvent => ({
  ...step, eventId: 1, limitUsd: '1', committedUsd: '0.9', firedAt: new Date(0), liftedAt: null, ...event,
});
const account = (committedUsd: string, ...events: RunningEvent[]): RunningAccount => ({ budgetId: 1, userId: 0, committedUsd, reservedUsd: '0', accountCount: 1, events });
const stateOf = (step: BudgetStep, of: RunningAccount, recentBoundUsd: string | null = null, limitUsd = '1') => stepStateOf(limitUsd, of, step, recentBoundUsd);

test.each([
  ['below its threshold', WARN, account('0.499999999999'), 'waiting'],
  ['at its threshold', WARN, account('0.5'), 'in_force'],
  ['that has fired, when costs fell below again', WARN, account('0.4', fired(WARN)), 'reached'],
  ['that was lifted', WARN, account('0.9', fired(WARN, { liftedAt: new Date(1) })), 'lifted'],
] as const)('a warning %s (%#)', (_when, step, of, state) => {
  expect(stateOf(step, of)).toBe(state);
});

test('a stop that has not fired waits below its limit, whatever recent calls need', () => {
  expect(stateOf(STOP, account('0.99'), '0.5')).toBe('waiting');
  expect(stateOf(STOP, account('1'), null)).toBe('in_force');
});

test('a stop that has fired holds as long as there is no more room than when it refused', () => {
  expect(stateOf(STOP, account('0.9', fired(STOP)))).toBe('in_force');
  expect(stateOf(STOP, account('0.95', fired(STOP)))).toBe('in_force');
  expect(stateOf(STOP, account('0.89', fired(STOP)))).toBe('reached');
});

test('or as long as recent calls need more room than there is', () => {
  expect(stateOf(STOP, account('0.89', fired(STOP)), '0.12')).toBe('in_force');
  expect(stateOf(STOP, account('0.89', fired(STOP)), '0.11')).toBe('reached');
});

test('a higher limit ends it, a lower one brings it back', () => {
  expect(stateOf(STOP, account('0.9', fired(STOP)), null, '2')).toBe('reached');
  expect(stateOf(STOP, account('0.9', fired(STOP)), null, '0.95')).toBe('in_force');
});

test('the event of another step says nothing', () => {
  expect(stateOf(STOP, account('0.9', fired({ percent: 90, action: 'stop' }), fired({ percent: 100, action: 'warn' })))).toBe('waiting');
});

test('thresholds are exact to the last place of the ledger', () => {
  expect(thresholdOf('0.000000000300', 33)).toBe('0.000000000099');
  expect(thresholdOf('99999999.999999999999', 1)).toBe('1000000');
});

test('three actions refuse calls, three change them', () => {
  expect((['warn', 'cheaper_model', 'shorter_answer', 'cached_only', 'pause_free', 'stop'] as const).filter(isRefusing)).toEqual(['cached_only', 'pause_free', 'stop']);
});
