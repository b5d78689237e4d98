import { describe, expect, it, test } from 'vitest';
import { fixedClock } from '#server/lib/clock.ts';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';
import { SingleFlight } from '#server/lib/single-flight.ts';
import { sleep } from '#server/lib/sleep.ts';

describe('SingleFlight', () => {
  it('lets calls of one key that overlap share one run, and those of another key not', async () => {
    const flight = new SingleFlight<string>();
    const gate = Promise.withResolvers<void>();
    const runs: string[] = [];
    const work = (name: string) => async () => {
      runs.push(name);
      await gate.promise;
      return name;
    };
    const calls = [flight.run('a', work('first')), flight.run('a', work('second')), flight.run('b', work('third'))];
    gate.resolve();
    expect(await Promise.all(calls)).toEqual(['first', 'first', 'third']);
    expect(runs).toEqual(['first', 'third']);
  });

  it('gives a failure to all who share it, and to nobody after', async () => {
    const flight = new SingleFlight<number>();
    const results = await Promise.allSettled([flight.run('a', () => Promise.reject(new Error('no'))), flight.run('a', () => Promise.resolve(1))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await flight.run('a', () => Promise.resolve(2))).toBe(2);
  });

  it('runs anew for who waited for the end', async () => {
    const flight = new SingleFlight<number>();
    let count = 0;
    const next = () => flight.run('a', async () => (count += 1));
    expect([await next(), await next(), await next()]).toEqual([1, 2, 3]);
  });

  it('is not stuck by work that throws before it begins', async () => {
    const flight = new SingleFlight<number>();
    expect(() => flight.run('a', () => { throw new Error('at once'); })).toThrow('at once');
    expect(await flight.run('a', () => Promise.resolve(1))).toBe(1);
  });
});

describe('sleep', () => {
  it('lasts as long as it is told to', async () => {
    const startedMs = performance.now();
    await sleep(60, new AbortController().signal);
    expect(performance.now() - startedMs).toBeGreaterThan(55);
  });

  it('ends at once when it is aborted, before or while it lasts, and never rejects', async () => {
    const startedMs = performance.now();
    await sleep(60_000, AbortSignal.abort(new Error('no')));
    await sleep(60_000, AbortSignal.timeout(20));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

test('a clock that stands still cannot be moved by who reads it', () => {
  const at = new Date('2026-11-20T12:00:00Z');
  const clock = fixedClock(at);
  clock.now().setFullYear(1999);
  expect(clock.now()).toEqual(new Date('2026-11-20T12:00:00Z'));
});

test('parts that stop slowly are waited for, one after the other', async () => {
  const lifecycle = new Lifecycle(createLogger('silent'));
  const events: string[] = [];
  for (const name of ['pool', 'worker', 'intake']) {
    lifecycle.add(name, async () => {
      events.push(`${name} begins`);
      await sleep(5);
      events.push(`${name} ends`);
    });
  }
  await lifecycle.stop();
  expect(events).toEqual(['intake begins', 'intake ends', 'worker begins', 'worker ends', 'pool begins', 'pool ends']);
});

test('a part that throws at once is logged by its name and keeps no other from stopping', async () => {
  const logged: string[] = [];
  const logger = createLogger('error');
  logger.error = (...args: unknown[]) => void logged.push(JSON.stringify(args));
  const lifecycle = new Lifecycle(logger);
  let isStopped = false;
  lifecycle.add('pool', () => void (isStopped = true));
  lifecycle.add('intake', () => { throw new Error('no'); });
  await lifecycle.stop();
  expect([isStopped, logged.length, logged[0]?.includes('"part":"intake"')]).toEqual([true, 1, true]);
});
