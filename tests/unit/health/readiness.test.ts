import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createProgress } from '#server/health/progress.ts';
import { check, HEALTHY, startSampler } from './fake-checks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The database check of the program over a Postgres that the test holds in its hand, for a process that lacks nothing else. */
function startOverDatabase() {
  let answer: () => Promise<unknown> = () => Promise.resolve();
  const started = startSampler([createDatabaseCheck({ probe: () => answer() })]);
  started.sampler.markSchemaCurrent();
  return { ...started, become: (next: () => Promise<unknown>) => void (answer = next) };
}

const refused = () => Promise.reject(new Error('refused'));
const after = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms));
/** As the probe of the pool does: no answer, and the end of the connection in the end. */
const silent = () => new Promise((_resolve, reject) => setTimeout(reject, 1_800, new Error('silent')));

/** Advances until readiness is so; gives the milliseconds it took. */
async function timeUntil(isReady: () => boolean, wanted: boolean): Promise<number> {
  let ms = 0;
  while (isReady() !== wanted && ms < 20_000) {
    await vi.advanceTimersByTimeAsync(10);
    ms += 10;
  }
  return ms;
}

describe('readiness over a database', () => {
  it.each([
    ['refuses connections', refused],
    ['says nothing', silent],
    ['never comes back from a look', () => new Promise(() => undefined)],
  ])('turns within three seconds when it %s, and within three seconds back', async (_how, fault) => {
    for (const phaseMs of [0, 130, 260, 499]) {
      const { sampler, turns, become } = startOverDatabase();
      await vi.advanceTimersByTimeAsync(5_000 + phaseMs);
      expect(sampler.isReady()).toBe(true);
      become(fault);
      expect(await timeUntil(() => sampler.isReady(), false)).toBeLessThan(3_000);
      expect(sampler.listObstacles()).toEqual(['database_not_answering']);
      await vi.advanceTimersByTimeAsync(31_000 + phaseMs);
      expect(sampler.isReady()).toBe(false);
      become(() => Promise.resolve());
      if (fault === refused || fault === silent) {
        expect(await timeUntil(() => sampler.isReady(), true)).toBeLessThan(3_000);
        await vi.advanceTimersByTimeAsync(5_000);
        expect(turns).toEqual(['healthy', 'unhealthy', 'healthy']);
      }
      sampler.stop();
    }
  });

  it('forgives one answer that is lost, one that takes its time, and a short restart', async () => {
    const { sampler, turns, become } = startOverDatabase();
    await vi.advanceTimersByTimeAsync(5_000);
    for (const hiccup of [silent, after(1_700), refused]) {
      become(hiccup);
      await vi.advanceTimersByTimeAsync(550);
      become(() => Promise.resolve());
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(turns).toEqual(['healthy']);
    sampler.stop();
  });

  it('does not follow one that flaps: it stays red until answers come in a row', async () => {
    const { sampler, turns, become } = startOverDatabase();
    let looks = 0;
    become(() => ((looks += 1) % 4 === 0 ? Promise.resolve() : Promise.reject(new Error('no'))));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(turns).toEqual(['healthy', 'unhealthy']);
    expect(sampler.isReady()).toBe(false);
    sampler.stop();
  });

  it('holds over a link that is slow, and every answer of it is seen as it was', async () => {
    const { sampler, samples, turns, become } = startOverDatabase();
    become(after(500));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(turns).toEqual(['healthy']);
    expect(Math.max(...samples.map(({ latencyMs }) => latencyMs))).toBe(500);
    sampler.stop();
  });

  it('tells who waits for the database that it is away, as soon as silence alone says so', async () => {
    const { sampler, samples, turns, become } = startOverDatabase();
    await vi.advanceTimersByTimeAsync(5_000);
    become(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(3_100);
    expect(samples.filter(({ state }) => state === 'unhealthy')).toEqual([]);
    expect([turns, sampler.isDatabaseAnswering()]).toEqual([['healthy', 'unhealthy'], false]);
    expect(sampler.report().checks[0]).toMatchObject({ state: 'unhealthy', code: 'database_down' });
    sampler.stop();
  });

  it('knows nothing against the database before it was asked, and is not ready all the same', () => {
    const { sampler } = startOverDatabase();
    expect([sampler.isDatabaseAnswering(), sampler.isReady()]).toEqual([true, false]);
    sampler.stop();
  });
});

describe('a sample', () => {
  it('is told as it is, with what is said of the check beside it', async () => {
    const { sampler, samples, become } = startOverDatabase();
    await vi.advanceTimersByTimeAsync(700);
    become(refused);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(samples.map(({ state, reportedState }) => `${state[0] ?? ''}${reportedState[0] ?? ''}`)).toEqual(['hh', 'hh', 'uh', 'uh', 'uu']);
    sampler.stop();
  });

  it('that contradicts what is said is followed by the next one soon', async () => {
    let looks = 0;
    const run = () => ((looks += 1) === 2 ? Promise.reject(new Error('odd')) : Promise.resolve(HEALTHY));
    const { sampler } = startSampler([check('telegram', run, { intervalMs: 60_000, confirmMs: 5_000, hysteresis: { failures: 2, successes: 2 } })]);
    await vi.advanceTimersByTimeAsync(60_001);
    expect(looks).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(looks).toBe(3);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(looks).toBe(3);
    sampler.stop();
  });
});

describe('an event loop that was blocked', () => {
  it('is known right after it, costs readiness only until it turns again, and is not blamed on the database', async () => {
    let blockedMs = 0;
    const monotonicMs = () => performance.now() + blockedMs;
    const { sampler, turns } = startSampler([createDatabaseCheck({ probe: () => Promise.resolve() })], { monotonicMs });
    sampler.markSchemaCurrent();
    await vi.advanceTimersByTimeAsync(5_100);
    expect(sampler.isReady()).toBe(true);
    blockedMs += 9_000;
    expect(sampler.listObstacles()).toEqual(['event_loop_stuck']);
    await vi.advanceTimersByTimeAsync(250);
    expect(sampler.listObstacles()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(turns).toEqual(['healthy']);
    sampler.stop();
  });
});

describe('liveness', () => {
  const startWith = (progress = createProgress()) => ({ progress, ...startSampler([check('database', () => Promise.reject(new Error('away')))], { progress }) });

  it('does not care for the database, for nothing that was never begun, nor for the schema', async () => {
    const { sampler, progress } = startWith();
    progress.watch('never begun');
    await vi.advanceTimersByTimeAsync(600_000);
    expect([sampler.isLive(), sampler.isReady()]).toEqual([true, false]);
    sampler.stop();
  });

  it('ends when a loop has not come round for ninety seconds, and returns with its next round', async () => {
    const { sampler, progress } = startWith();
    const [beat, other] = [progress.watch('inbox worker'), progress.watch('scheduler')];
    const keepOther = setInterval(other, 60_000);
    beat();
    other();
    await vi.advanceTimersByTimeAsync(89_000);
    expect([sampler.isLive(), progress.listStalled()]).toEqual([true, []]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([sampler.isLive(), progress.listStalled()]).toEqual([false, ['inbox worker']]);
    beat();
    expect(sampler.isLive()).toBe(true);
    clearInterval(keepOther);
    sampler.stop();
  });

  it('counts no time in which the event loop itself stood still', () => {
    const progress = createProgress();
    progress.watch('inbox worker')();
    vi.setSystemTime(Date.now() + 86_400_000);
    progress.look(250);
    expect(progress.listStalled()).toEqual([]);
  });

  it('is not lost at a stop, at which the loops end as they should', async () => {
    const { sampler, progress } = startWith();
    progress.watch('inbox worker')();
    sampler.markStopping();
    await vi.advanceTimersByTimeAsync(100_000);
    expect([sampler.isLive(), sampler.listObstacles()[0]]).toEqual([true, 'stopping']);
    sampler.stop();
  });
});
