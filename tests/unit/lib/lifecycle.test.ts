import { afterEach, expect, test, vi } from 'vitest';
import { Lifecycle, STOP_BUDGET_MS } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';

afterEach(() => void vi.useRealTimers());

/** When a stop ended, by a clock that only timers move. */
async function endOf(stopping: Promise<void>): Promise<number> {
  const ended = stopping.then(() => performance.now());
  await vi.advanceTimersByTimeAsync(10_000);
  return ended;
}

test('parts are stopped in reverse order, once, and a failing one does not keep the others', async () => {
  const lifecycle = new Lifecycle(createLogger('silent'));
  const stopped: string[] = [];
  lifecycle.add('database', () => void stopped.push('database'));
  lifecycle.add('broken', () => Promise.reject(new Error('no')));
  lifecycle.add('http', async () => void stopped.push('http'));
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(stopped).toEqual(['http', 'database']);
});

test('a part that never ends is left behind, so that the stop of all keeps to its budget and the others have their time', async () => {
  vi.useFakeTimers({ fakeNodeBuiltins: true });
  const lifecycle = new Lifecycle(createLogger('silent'), 400);
  const stopped: string[] = [];
  lifecycle.add('database', () => new Promise<void>((resolve) => setTimeout(() => resolve(void stopped.push('database')), 150)), 200);
  lifecycle.add('pool', async () => void stopped.push('pool'), 10);
  lifecycle.add('stuck', () => new Promise(() => undefined), 10);
  lifecycle.add('slow', () => new Promise((resolve) => setTimeout(resolve, 100)), 10);
  const startedAtMs = performance.now();
  expect((await endOf(lifecycle.stop())) - startedAtMs).toBeLessThanOrEqual(400);
  expect(stopped).toEqual(['pool', 'database']);
});

test('nothing is stopped before the grace is over, and the grace is part of the budget', async () => {
  vi.useFakeTimers({ fakeNodeBuiltins: true });
  const lifecycle = new Lifecycle(createLogger('silent'), 300);
  const startedAtMs = performance.now();
  let stoppedAfterMs = 0;
  lifecycle.add('stuck', () => {
    stoppedAfterMs = performance.now() - startedAtMs;
    return new Promise(() => undefined);
  }, 10);
  expect((await endOf(lifecycle.stop(200))) - startedAtMs).toBeLessThanOrEqual(300);
  expect(stoppedAfterMs).toBeGreaterThanOrEqual(200);
});

test('the whole budget stays below the half minute after which others kill', () => expect(STOP_BUDGET_MS).toBeLessThan(28_000));
