import { expect, test } from 'vitest';
import type { SharedHealth } from '#server/cluster/messages.ts';
import { SharedHealthView } from '#server/cluster/shared-health-view.ts';
import { connectionsOf } from '#server/compose/compose-web-worker.ts';
import type { HealthCheckReport } from '#server/contracts/health.ts';

function checkOf(overrides: Partial<HealthCheckReport>): HealthCheckReport {
  return { check: 'database', state: 'healthy', code: 'database_ok', detail: null, message: 'Postgres answers.', latencyMs: 3, ageSeconds: 1, ...overrides };
}

const disabled = checkOf({ check: 'telegram', state: 'disabled', code: 'telegram_disabled', message: 'No bot token is configured.' });
const told: SharedHealth = { isServing: true, isLive: true, report: { isHealthy: true, checks: [checkOf({}), disabled] }, parity: null };

function viewAt(health = told) {
  let nowMs = 1_000;
  const view = new SharedHealthView(health, () => nowMs);
  return { view, pass: (ms: number) => (nowMs += ms) };
}

test('what the main process told grows older between two tellings', () => {
  const { view, pass } = viewAt();
  pass(2_500);
  expect(view.report()).toEqual({ isHealthy: true, checks: [checkOf({ ageSeconds: 3.5 }), { ...disabled, ageSeconds: 3.5 }] });
});

test('a main process that says nothing any more leaves its checks outdated, but not those that are disabled', () => {
  const { view, pass } = viewAt();
  pass(5_001);
  const { isHealthy, checks } = view.report();
  expect(isHealthy).toBe(false);
  expect(checks.map(({ state, code }) => `${state} ${code}`)).toEqual(['unhealthy outdated', 'disabled telegram_disabled']);
  expect(view.report(['database']).isHealthy).toBe(true);
  view.update(told);
  expect(view.report().isHealthy).toBe(true);
});

test('whether the main process lives and serves is what it told last', () => {
  const { view } = viewAt({ ...told, isLive: false, isServing: false });
  expect([view.isLive, view.isServing]).toEqual([false, false]);
  view.update(told);
  expect([view.isLive, view.isServing]).toEqual([true, true]);
});

test('the pools of all web processes leave the main process its share of a hundred connections', () => {
  for (let workerCount = 2; workerCount <= 30; workerCount += 1) {
    expect(connectionsOf(workerCount)).toBeGreaterThanOrEqual(2);
    expect(workerCount * connectionsOf(workerCount)).toBeLessThanOrEqual(60);
  }
  expect(connectionsOf(2)).toBe(10);
});
