import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { found } from '#server/health/messages.ts';
import type { CheckResult } from '#server/health/types.ts';
import { check, HEALTHY, startSampler } from './fake-checks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('report', () => {
  it('shows a check as not checked, and not as healthy, before its first sample', () => {
    const { sampler } = startSampler([check('database', () => new Promise(() => undefined))]);
    expect(sampler.report()).toEqual({
      isHealthy: false,
      checks: [{ check: 'database', state: null, code: 'not_checked', detail: null, message: 'Not checked yet.', latencyMs: null, ageSeconds: null }],
    });
    sampler.stop();
  });

  it('gives the last sample with its latency and its age, from memory', async () => {
    let looks = 0;
    const slow = () => new Promise<CheckResult>((resolve) => setTimeout(() => resolve(HEALTHY), 40)).finally(() => (looks += 1));
    const { sampler } = startSampler([check('database', slow, { intervalMs: 30_000 })]);
    await vi.advanceTimersByTimeAsync(540);
    for (let index = 0; index < 10_000; index += 1) sampler.report();
    expect(looks).toBe(1);
    expect(sampler.report()).toEqual({
      isHealthy: true,
      checks: [{ check: 'database', state: 'healthy', code: 'database_ok', detail: null, message: 'Postgres answers.', latencyMs: 40, ageSeconds: 0.5 }],
    });
    sampler.stop();
  });

  it('calls a sample that has become too old unhealthy, and says so', async () => {
    const { sampler } = startSampler([check('scheduler', () => Promise.resolve(HEALTHY), { intervalMs: 1_000, timeoutMs: 2_000 })]);
    await vi.advanceTimersByTimeAsync(1);
    sampler.stop();
    await vi.advanceTimersByTimeAsync(8_999);
    expect(sampler.report().checks[0]).toMatchObject({ state: 'healthy' });
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.report()).toMatchObject({ isHealthy: false, checks: [{ state: 'unhealthy', message: 'The last result is too old.' }] });
  });

  it('counts neither disabled checks nor excluded ones, and still shows them', async () => {
    const { sampler } = startSampler([
      check('openrouter', () => Promise.resolve(found('disabled', 'openrouter_disabled'))),
      check('telegram', () => Promise.resolve(found('unhealthy', 'telegram_down'))),
    ]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.report().isHealthy).toBe(false);
    const report = sampler.report(['telegram']);
    expect(report.isHealthy).toBe(true);
    expect(report.checks.map(({ state }) => state)).toEqual(['disabled', 'unhealthy']);
    sampler.stop();
  });

  it('does not show the text of an exception', async () => {
    const { sampler } = startSampler([
      check('database', () => Promise.reject(new Error('connect ECONNREFUSED db.internal:5432'))),
      check('scheduler', () => {
        throw new Error('select secret');
      }),
    ]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.report().checks.map(({ state, message }) => `${state} ${message}`)).toEqual(['unhealthy Telegram cannot be reached.', 'unhealthy Telegram cannot be reached.']);
    sampler.stop();
  });
});

describe('sampling', () => {
  it('gives up on a check at its limit and aborts it', async () => {
    let aborted = false;
    const { sampler, samples } = startSampler([
      check('telegram', (signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      }, { timeoutMs: 10_000 }),
    ]);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(samples).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await vi.advanceTimersToNextTimerAsync();
    expect(samples).toEqual([
      { check: 'telegram', state: 'unhealthy', reportedState: 'unhealthy', code: 'timed_out', detail: '10', message: 'No answer within 10 s.', latencyMs: expect.closeTo(10_000, -1) },
    ]);
    expect(aborted).toBe(true);
    sampler.stop();
  });

  it('never lets two looks overlap while one hangs, and recovers as soon as it ends', async () => {
    let open = 0;
    let most = 0;
    let heal: () => void = () => undefined;
    let isHanging = true;
    const run = async () => {
      open += 1;
      most = Math.max(most, open);
      if (isHanging) await new Promise<void>((resolve) => (heal = resolve));
      open -= 1;
      return HEALTHY;
    };
    const { sampler, samples } = startSampler([check('database', run)]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
    expect(new Set(samples.map(({ state }) => state))).toEqual(new Set(['unhealthy']));
    isHanging = false;
    heal();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(samples.at(-1)?.state).toBe('healthy');
    expect(most).toBe(1);
    sampler.stop();
  });

  it('tries afresh beside a look that never ends, once in half a minute', async () => {
    let looks = 0;
    const { sampler, samples } = startSampler([
      check('database', () => {
        looks += 1;
        return looks === 1 ? new Promise(() => undefined) : Promise.resolve(HEALTHY);
      }),
    ]);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(looks).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(samples.at(-1)?.state).toBe('healthy');
    sampler.stop();
  });

  it('samples each check at its own pace, and stops for good', async () => {
    const { sampler, samples } = startSampler([
      check('database', () => Promise.resolve(HEALTHY), { intervalMs: 1_000 }),
      check('telegram', () => Promise.resolve(HEALTHY), { intervalMs: 30_000 }),
    ]);
    sampler.start();
    await vi.advanceTimersByTimeAsync(30_500);
    expect(samples.filter((sample) => sample.check === 'database')).toHaveLength(31);
    expect(samples.filter((sample) => sample.check === 'telegram')).toHaveLength(2);
    sampler.stop();
    sampler.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(samples).toHaveLength(33);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('isReady', () => {
  const startWith = (run: () => Promise<CheckResult>) => {
    const started = startSampler([check('database', run)]);
    started.sampler.markSchemaCurrent();
    return started;
  };

  it('needs an answer of Postgres and a schema that is current', async () => {
    const { sampler } = startSampler([check('database', () => Promise.resolve(HEALTHY))]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.isReady()).toBe(false);
    sampler.markSchemaCurrent();
    expect(sampler.isReady()).toBe(true);
    sampler.stop();
  });

  it('is false from the moment a stop begins', async () => {
    const { sampler } = startWith(() => Promise.resolve(HEALTHY));
    await vi.advanceTimersByTimeAsync(1);
    sampler.markStopping();
    expect(sampler.isReady()).toBe(false);
    sampler.stop();
  });

  it('does not care for OpenRouter or Telegram', async () => {
    const down = () => Promise.resolve<CheckResult>(found('unhealthy', 'telegram_down'));
    const { sampler } = startSampler([check('database', () => Promise.resolve(HEALTHY)), check('openrouter', down), check('telegram', down)]);
    sampler.markSchemaCurrent();
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.isReady()).toBe(true);
    sampler.stop();
  });

  it('holds when the wall clock jumps by an hour', async () => {
    const { sampler } = startWith(() => Promise.resolve(HEALTHY));
    await vi.advanceTimersByTimeAsync(1);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(sampler.isReady()).toBe(true);
    expect(sampler.report().isHealthy).toBe(true);
    sampler.stop();
  });
});
