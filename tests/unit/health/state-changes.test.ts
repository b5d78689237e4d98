import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { found } from '#server/health/messages.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import type { CheckResult, CheckRun, Sample } from '#server/health/types.ts';
import type { HealthState } from '#server/contracts/vocabulary.ts';
import { createLogger } from '#server/lib/logger.ts';
import { check, HEALTHY, startSampler } from './fake-checks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A sampler over one check that answers with these states, one a second, and what it logs. */
async function play(states: readonly HealthState[], run?: CheckRun) {
  const logged: string[] = [];
  const samples: Sample[] = [];
  const logger = createLogger('warn');
  logger.warn = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  let index = 0;
  const next = (): Promise<CheckResult> => Promise.resolve(found(states[index++] ?? 'healthy', 'telegram_ok'));
  const sampler = createHealthSampler({ checks: [check('telegram', run ?? next)], logger, onSample: (sample) => samples.push(sample) });
  sampler.start();
  await vi.advanceTimersByTimeAsync((states.length - 1) * 1_000);
  sampler.stop();
  return { sampler, samples, changes: logged.filter((line) => line.includes('health check changed')), logged };
}

describe('a change of state', () => {
  it('is logged once and not per sample, a good start being no news', async () => {
    expect((await play(['healthy', 'healthy', 'healthy'])).changes).toEqual([]);
    expect((await play(['disabled', 'disabled'])).changes).toEqual([]);
    const { changes } = await play(['unhealthy', 'unhealthy', 'healthy', 'healthy', 'unhealthy']);
    expect(changes.map((line) => /"state":"(\w+)"/.exec(line)?.[1])).toEqual(['unhealthy', 'healthy', 'unhealthy']);
  });

  it('is logged as often as the state differs from the one before, and every sample is told', async () => {
    const state = fc.constantFrom<HealthState>('healthy', 'unhealthy', 'disabled');
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 15 }), async (states) => {
        const { changes, samples } = await play(states);
        const expected = states.filter((each, index) => (index === 0 ? each === 'unhealthy' : each !== states[index - 1]));
        expect(changes.map((line) => /"state":"(\w+)"/.exec(line)?.[1])).toEqual(expected);
        expect(samples.map((sample) => sample.state)).toEqual(states);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what a look rejects with', () => {
  it('is in the log, with the name of the check, and nowhere else', async () => {
    const { logged, samples, sampler } = await play(['unhealthy'], () => Promise.reject(new Error('connect ECONNREFUSED db.internal:5432')));
    expect(logged.filter((line) => line.includes('db.internal') && line.includes('telegram'))).toHaveLength(1);
    expect(JSON.stringify([samples, sampler.report()])).not.toContain('db.internal');
  });

  it('is not news when the look was given up on before', async () => {
    const logged: string[] = [];
    const logger = createLogger('warn');
    logger.warn = (...args: unknown[]) => void logged.push(JSON.stringify(args));
    const run: CheckRun = (signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const sampler = createHealthSampler({ checks: [check('database', run, { timeoutMs: 500 })], logger });
    sampler.start();
    await vi.advanceTimersByTimeAsync(600);
    sampler.stop();
    expect(logged.filter((line) => line.includes('health check failed'))).toEqual([]);
    expect(sampler.report().checks[0]).toMatchObject({ state: 'unhealthy', message: 'No answer within 0.5 s.' });
  });
});

describe('stopping', () => {
  it('aborts the look that runs, and takes no sample of it', async () => {
    let isAborted = false;
    const run: CheckRun = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          isAborted = true;
          resolve(HEALTHY);
        }),
      );
    const { sampler, samples } = startSampler([check('database', run)]);
    await vi.advanceTimersByTimeAsync(100);
    sampler.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([isAborted, samples, vi.getTimerCount()]).toEqual([true, [], 0]);
  });
});

describe('what counts', () => {
  it('is everything that is not left out: a check that was never sampled is not healthy, and nothing at all is', async () => {
    const { sampler } = startSampler([check('database', () => Promise.resolve(HEALTHY)), check('openrouter', () => new Promise(() => undefined))]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sampler.report().isHealthy).toBe(false);
    expect(sampler.report(['openrouter']).isHealthy).toBe(true);
    expect(sampler.report(['database', 'openrouter']).isHealthy).toBe(true);
    expect(sampler.report(['openrouter']).checks.map((each) => each.check)).toEqual(['database', 'openrouter']);
    sampler.stop();
  });

  it('for readiness is Postgres alone: another check that is healthy makes nothing ready', async () => {
    const { sampler } = startSampler([check('telegram', () => Promise.resolve(HEALTHY)), check('database', () => Promise.resolve(found('disabled', 'telegram_disabled')))]);
    sampler.markSchemaCurrent();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sampler.isReady()).toBe(false);
    sampler.stop();
  });
});
