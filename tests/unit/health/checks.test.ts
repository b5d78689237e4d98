import { describe, expect, it } from 'vitest';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createOpenRouterCheck } from '#server/health/checks/openrouter.ts';
import { createSchedulerCheck } from '#server/health/checks/scheduler.ts';
import { createTelegramCheck } from '#server/health/checks/telegram.ts';
import type { HealthCheck } from '#server/health/types.ts';
import { AppError } from '#server/errors.ts';

const look = (check: HealthCheck) => check.run(new AbortController().signal);

describe('the limits of the checks', () => {
  it('are those that the health page promises', () => {
    const clock = { now: () => new Date() };
    const checks = [
      createDatabaseCheck({ probe: () => Promise.resolve() }),
      createSchedulerCheck({ readLastRuns: () => Promise.resolve([]), expected: [], clock }),
      createOpenRouterCheck({ getKey: null }),
      createTelegramCheck({ bot: null }),
    ];
    expect(Object.fromEntries(checks.map(({ check, timeoutMs }) => [check, timeoutMs]))).toEqual({
      database: 3_000,
      scheduler: 2_000,
      openrouter: 10_000,
      telegram: 10_000,
    });
  });
});

describe('what is said of the checks', () => {
  it('changes after two samples at least, either way', () => {
    const clock = { now: () => new Date() };
    const checks = [
      createDatabaseCheck({ probe: () => Promise.resolve() }),
      createSchedulerCheck({ readLastRuns: () => Promise.resolve([]), expected: [], clock }),
      createOpenRouterCheck({ getKey: null }),
      createTelegramCheck({ bot: null }),
    ];
    for (const { hysteresis: { failures, successes }, confirmMs, intervalMs } of checks) {
      expect(Math.min(failures, successes)).toBeGreaterThanOrEqual(2);
      expect(confirmMs).toBeLessThan(intervalMs);
    }
  });
});

describe('the database check', () => {
  it('is healthy when Postgres answers, and rejects when it does not', async () => {
    expect(await look(createDatabaseCheck({ probe: () => Promise.resolve([1]) }))).toMatchObject({ state: 'healthy' });
    await expect(look(createDatabaseCheck({ probe: () => Promise.reject(new Error('gone')) }))).rejects.toThrow('gone');
  });
});

describe('the scheduler check', () => {
  const MINUTE = 60_000;
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs) };
  const expected = [{ name: 'reconcile_generations', intervalSeconds: 60 }, { name: 'refresh_prices', intervalSeconds: 3_600 }];
  const create = (succeededAtMs: number | null) =>
    createSchedulerCheck({
      readLastRuns: () => Promise.resolve([{ schedule: 'reconcile_generations', lastSucceededAt: succeededAtMs === null ? null : new Date(succeededAtMs) }]),
      expected,
      clock,
    });

  it('gives a fresh start its first rounds, then names what is late', async () => {
    nowMs = 1_000 * MINUTE;
    const check = create(null);
    nowMs += 3 * MINUTE;
    expect(await look(check)).toMatchObject({ state: 'healthy', code: 'scheduler_ok', message: 'All schedules run on time.' });
    nowMs += 1;
    expect(await look(check)).toMatchObject({ state: 'unhealthy', code: 'scheduler_late', detail: 'reconcile_generations', message: 'Late: reconcile_generations.' });
    nowMs += 200 * MINUTE;
    expect((await look(check)).message).toBe('Late: reconcile_generations, refresh_prices.');
  });

  it('is healthy while runs end well', async () => {
    nowMs = 0;
    const check = create(99 * MINUTE);
    nowMs = 100 * MINUTE;
    expect(await look(check)).toMatchObject({ state: 'healthy' });
  });
});

describe('the OpenRouter check', () => {
  const withKey = (getKey: () => Promise<{ limitRemainingUsd: number | null }>) => look(createOpenRouterCheck({ getKey }));

  it.each([
    ['an unlimited key', null, 'healthy'],
    ['money left', 0.01, 'healthy'],
    ['no money left', 0, 'unhealthy'],
    ['an overdrawn key', -2, 'unhealthy'],
  ] as const)('is right about %s', async (_what, limitRemainingUsd, state) => {
    expect(await withKey(() => Promise.resolve({ limitRemainingUsd }))).toMatchObject({ state });
  });

  it('tells a refused key from an OpenRouter that is away, without their words', async () => {
    const refused = await withKey(() => Promise.reject(new AppError('unauthenticated', 'sk-or-123 is bad')));
    expect(refused).toMatchObject({ state: 'unhealthy', message: 'OpenRouter refuses the key.' });
    await expect(withKey(() => Promise.reject(new AppError('unavailable', 'https://openrouter.ai')))).rejects.toThrow();
    expect(createOpenRouterCheck({ getKey: null }).failureCode).toBe('openrouter_down');
  });

  it('is disabled without a key', async () => {
    expect(await look(createOpenRouterCheck({ getKey: null }))).toMatchObject({ state: 'disabled' });
  });
});

describe('the Telegram check', () => {
  const withBot = (getMe: () => Promise<unknown>, pollAgeMs: number | null = 0) => look(createTelegramCheck({ bot: { getMe, pollAgeMs: () => pollAgeMs } }));

  it('is healthy when the token is good and updates arrive, also before the first poll has ended', async () => {
    expect(await withBot(() => Promise.resolve({}))).toMatchObject({ state: 'healthy' });
    expect(await withBot(() => Promise.resolve({}), null)).toMatchObject({ state: 'healthy' });
  });

  it('is unhealthy when updates stay away though the token is good', async () => {
    expect(await withBot(() => Promise.resolve({}), 121_000)).toMatchObject({ state: 'unhealthy', message: 'Updates are not being received.' });
  });

  it('tells a refused token from a Telegram that is away, without their words', async () => {
    const unauthorized = Object.assign(new Error('bot123:SECRET'), { error_code: 401 });
    expect(await withBot(() => Promise.reject(unauthorized))).toMatchObject({ state: 'unhealthy', message: 'Telegram refuses the token.' });
    await expect(withBot(() => Promise.reject(new Error('bot123:SECRET')))).rejects.toThrow();
    expect(createTelegramCheck({ bot: null }).failureCode).toBe('telegram_down');
  });

  it.each([
    ['nothing waits', true, 0, null, 'healthy', 'telegram_ok'],
    ['some are on their way', true, 100, null, 'healthy', 'telegram_ok'],
    ['a failure was made good', true, 0, 1, 'healthy', 'telegram_ok'],
    ['a failure is long past', true, 3, 151, 'healthy', 'telegram_ok'],
    ['a delivery fails', true, 1, 149, 'unhealthy', 'telegram_webhook_failing'],
    ['many wait', true, 101, null, 'unhealthy', 'telegram_webhook_backlog'],
    ['somebody else has them', false, 0, null, 'unhealthy', 'telegram_no_updates'],
  ] as const)('is right about updates that are brought when %s', async (_what, isOurs, pendingUpdateCount, errorAgeSeconds, state, code) => {
    const now = new Date('2026-11-20T12:00:00Z');
    const lastErrorAt = errorAgeSeconds === null ? null : new Date(now.getTime() - errorAgeSeconds * 1_000);
    const webhook = () => Promise.resolve({ isOurs, pendingUpdateCount, lastErrorAt });
    const check = createTelegramCheck({ bot: { getMe: () => Promise.resolve({}), pollAgeMs: () => null, webhook }, clock: { now: () => now } });
    expect(await look(check)).toMatchObject({ state, code, detail: code === 'telegram_webhook_backlog' ? '101' : null });
  });

  it('is disabled without a token', async () => {
    expect(await look(createTelegramCheck({ bot: null }))).toMatchObject({ state: 'disabled' });
  });
});
