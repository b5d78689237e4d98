import { expect, test } from 'vitest';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createOpenRouterCheck } from '#server/health/checks/openrouter.ts';
import { createSchedulerCheck } from '#server/health/checks/scheduler.ts';
import { createTelegramCheck } from '#server/health/checks/telegram.ts';
import { HEALTH_CHECKS } from '#server/contracts/vocabulary.ts';
import { systemClock } from '#server/lib/clock.ts';
import { FRESH_MS } from '#server/services/health/fresh.ts';

test('a sample is believed for three rounds of its check, here as in the report', () => {
  const checks = [
    createDatabaseCheck({ probe: () => Promise.resolve() }),
    createSchedulerCheck({ readLastRuns: () => Promise.resolve([]), expected: [], clock: systemClock }),
    createOpenRouterCheck({ getKey: null }),
    createTelegramCheck({ bot: null }),
  ];
  expect(checks.map(({ check }) => check)).toEqual([...HEALTH_CHECKS]);
  expect(Object.fromEntries(checks.map(({ check, intervalMs, timeoutMs }) => [check, 3 * (intervalMs + timeoutMs)]))).toEqual(FRESH_MS);
});
