import { expect, test, vi } from 'vitest';
import { createParityLoop } from '#server/jobs/parity-loop.ts';
import { createLogger } from '#server/lib/logger.ts';

const logger = createLogger('silent');

test('the first comparison waits until the start is over, the next ones follow until the stop', async () => {
  const times: number[] = [];
  const startedAt = performance.now();
  const three = Promise.withResolvers<void>();
  const loop = createParityLoop({
    compare: async () => {
      times.push(performance.now() - startedAt);
      if (times.length === 3) three.resolve();
    },
    logger,
    firstDelayMs: 30,
    intervalMs: 5,
  });
  loop.start();
  loop.start();
  await three.promise;
  await loop.stop();
  const count = times.length;
  expect(times[0]).toBeGreaterThanOrEqual(25);
  expect(count).toBeLessThanOrEqual(4);
});

test('a comparison that fails is made again', async () => {
  const warn = vi.spyOn(logger, 'warn');
  let count = 0;
  const second = Promise.withResolvers<void>();
  const loop = createParityLoop({
    compare: async () => {
      count += 1;
      if (count === 1) throw new Error('the database is away');
      second.resolve();
    },
    logger,
    firstDelayMs: 0,
    intervalMs: 1,
  });
  loop.start();
  await second.promise;
  await loop.stop();
  expect(warn).toHaveBeenCalledExactlyOnceWith({ cause: expect.stringContaining('the database is away') as string }, 'counters and tables could not be compared');
});

test('a stop ends the wait for the first comparison, and waits for one that runs', async () => {
  const early = createParityLoop({ compare: () => Promise.reject(new Error('never')), logger, firstDelayMs: 60_000 });
  early.start();
  await early.stop();
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let isOver = false;
  const loop = createParityLoop({
    compare: async () => {
      started.resolve();
      await end.promise;
      isOver = true;
    },
    logger,
    firstDelayMs: 0,
  });
  loop.start();
  await started.promise;
  const stopped = loop.stop();
  end.resolve();
  await stopped;
  expect(isOver).toBe(true);
});
