import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { createScheduler, type Schedule, type SchedulerDeps } from '#server/jobs/scheduler.ts';
import { createSchedules, listPlanned } from '#server/jobs/schedules.ts';
import { systemClock } from '#server/lib/clock.ts';
import { createLogger } from '#server/lib/logger.ts';

const NOON = new Date('2026-11-20T12:00:20.500Z');
const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

/** A scheduler whose claims all succeed unless said otherwise, and what it did. */
function start(schedules: readonly Schedule[], overrides: Partial<SchedulerDeps> = {}) {
  const claims: string[] = [];
  const runs: string[] = [];
  const logged: string[] = [];
  const logger = createLogger('error');
  logger.error = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  const scheduler = createScheduler({
    schedules,
    clock: systemClock,
    logger,
    claim: async (name, dueAt) => claims.push(`${name} ${dueAt.toISOString()}`) > 0,
    finish: () => Promise.resolve(),
    onRun: (name, outcome) => void runs.push(`${name} ${outcome}`),
    ...overrides,
  });
  scheduler.start();
  return { scheduler, claims, runs, logged };
}

const everyMinute = (run: Schedule['run']): Schedule => ({ name: 'minutely', cron: '* * * * *', intervalSeconds: 60, run });

describe('createScheduler', () => {
  it('claims the running minute at once, then each full minute, in UTC', async () => {
    const { scheduler, claims } = start([everyMinute(() => Promise.resolve())]);
    scheduler.start();
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(claims).toEqual(['12:00', '12:01', '12:02'].map((time) => `minutely 2026-11-20T${time}:00.000Z`));
    await scheduler.stop();
  });

  it('runs nothing that another process has claimed, and tells of no run', async () => {
    let count = 0;
    const { scheduler, runs } = start([everyMinute(async () => (count += 1))], { claim: () => Promise.resolve(false) });
    await vi.advanceTimersByTimeAsync(3 * MINUTE_MS);
    expect([count, runs]).toEqual([0, []]);
    await scheduler.stop();
  });

  it('does not start a schedule again while it runs, and takes the next due time after', async () => {
    let open = 0;
    let most = 0;
    const slow = everyMinute(async () => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setTimeout(resolve, 2.5 * MINUTE_MS));
      open -= 1;
    });
    const { scheduler, claims } = start([slow]);
    await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
    expect(most).toBe(1);
    expect(claims.map((claim) => claim.slice(-13, -8))).toEqual(['12:00', '12:03']);
    const stopping = scheduler.stop();
    await vi.advanceTimersByTimeAsync(3 * MINUTE_MS);
    await stopping;
  });

  it('logs a claim that cannot be made, tells of no run, and tries the next due time', async () => {
    let tries = 0;
    const { scheduler, runs, logged } = start([everyMinute(() => Promise.resolve())], {
      claim: () => ((tries += 1) === 1 ? Promise.reject(new Error('database gone')) : Promise.resolve(true)),
    });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(runs).toEqual(['minutely ok']);
    expect(logged).toEqual([expect.stringContaining('database gone')]);
    await scheduler.stop();
  });

  it('does not count a run whose end could not be booked', async () => {
    const { scheduler, runs, logged } = start([everyMinute(() => Promise.resolve())], { finish: () => Promise.reject(new Error('database gone')) });
    await vi.advanceTimersByTimeAsync(1);
    expect([runs, logged.length]).toEqual([[], 1]);
    await scheduler.stop();
  });

  it('retries a failed run at the next due time, and logs its cause each time', async () => {
    const { scheduler, runs, logged } = start([everyMinute(() => Promise.reject(new Error('no prices')))]);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(runs).toEqual(['minutely failed', 'minutely failed']);
    expect(logged.filter((line) => line.includes('no prices'))).toHaveLength(2);
    await scheduler.stop();
  });

  it('plans nothing more once it is stopped, and leaves no timer', async () => {
    const { scheduler, claims } = start([everyMinute(() => Promise.resolve())]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([scheduler.stop(), scheduler.stop()]);
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect([claims.length, vi.getTimerCount()]).toEqual([1, 0]);
  });
});

describe('createSchedules', () => {
  const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
  const llm = createLlmClient({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-or-v1-test-0123456789', managementKey: 'sk-or-v1-management' });
  const drift = { llm, onMeasured: () => undefined };
  const shared = { db, clock: systemClock, reportingTimeZone: 'UTC', budgetsUrl: 'http://localhost:3000/monitoring/budgets', overviewUrl: 'http://localhost:3000/monitoring', retention: { interactions: 0, ledger: 0 }, onDeleted: () => undefined, sendToOwner: null };

  it('gives exactly the schedules that the metrics know, without those that need OpenRouter, or its management key, where there is none', () => {
    const names = (schedules: readonly Schedule[]) => schedules.map(({ name }) => name).sort();
    expect(names(createSchedules({ ...shared, llm, drift }))).toEqual([...SCHEDULE_NAMES].sort());
    expect(names(createSchedules({ ...shared, llm: null, drift: null }))).toEqual(SCHEDULE_NAMES.filter((name) => !/^(?:refresh_prices|measure_)/.test(name)).sort());
    expect(names(createSchedules({ ...shared, llm, drift: { ...drift, llm: { ...llm, listActivity: null } } }))).not.toContain('measure_activity');
  });

  it('are told by name without being made, from the same clients', () => {
    const withoutActivity = { ...drift, llm: { ...llm, listActivity: null } };
    for (const clients of [{ llm, drift }, { llm: null, drift: null }, { llm, drift: withoutActivity }]) {
      expect(listPlanned(clients).toSorted()).toEqual(createSchedules({ ...shared, ...clients }).map(({ name }) => name).toSorted());
    }
  });

  it('are due as often as the health check expects, through a change of the clock and the end of a year', async () => {
    for (const day of ['2026-03-28T22:30:30Z', '2026-10-24T22:30:30Z', '2026-12-31T22:30:30Z']) {
      for (const schedule of createSchedules({ ...shared, llm, drift })) {
        vi.setSystemTime(new Date(day));
        const due: number[] = [];
        const { scheduler } = start([schedule], { claim: async (_name, dueAt) => due.push(dueAt.getTime()) < 0 });
        await vi.advanceTimersByTimeAsync(3 * schedule.intervalSeconds * 1_000);
        await scheduler.stop();
        // The first is that of the start.
        const [, first = 0, ...others] = due;
        expect(others, schedule.name).toEqual([1, 2].map((count) => first + count * schedule.intervalSeconds * 1_000));
      }
    }
  });
});
