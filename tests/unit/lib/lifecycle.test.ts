import { expect, test } from 'vitest';
import { Lifecycle, STOP_BUDGET_MS } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';

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
  const lifecycle = new Lifecycle(createLogger('silent'), 400);
  const stopped: string[] = [];
  lifecycle.add('database', () => new Promise<void>((resolve) => setTimeout(() => resolve(void stopped.push('database')), 150)), 200);
  lifecycle.add('pool', async () => void stopped.push('pool'), 10);
  lifecycle.add('stuck', () => new Promise(() => undefined), 10);
  lifecycle.add('slow', () => new Promise((resolve) => setTimeout(resolve, 100)), 10);
  const startedAtMs = performance.now();
  await lifecycle.stop();
  expect(performance.now() - startedAtMs).toBeLessThan(500);
  expect(stopped).toEqual(['pool', 'database']);
});

test('nothing is stopped before the grace is over, and the grace is part of the budget', async () => {
  const lifecycle = new Lifecycle(createLogger('silent'), 300);
  const startedAtMs = performance.now();
  let stoppedAfterMs = 0;
  lifecycle.add('stuck', () => {
    stoppedAfterMs = performance.now() - startedAtMs;
    return new Promise(() => undefined);
  });
  await lifecycle.stop(200);
  expect(stoppedAfterMs).toBeGreaterThan(195);
  expect(performance.now() - startedAtMs).toBeLessThan(700);
});

test('the whole budget stays below the half minute after which others kill', () => expect(STOP_BUDGET_MS).toBeLessThan(28_000));
