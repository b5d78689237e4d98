import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '#server/lib/logger.ts';
import { createHistoryWriter } from '#server/services/health/history-writer.ts';
import { sampleOf } from '#tests/support/health-history.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A writer over a Postgres that does what the test says. */
function start(flush: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = [];
  const note = (what: string, work: () => Promise<void>) => () => {
    done.push(what);
    return work();
  };
  const writer = createHistoryWriter({
    recorder: { record: ({ check }) => void done.push(`recorded ${check}`), flush: note('flush', flush) },
    tracker: { observe: ({ check }) => void done.push(`observed ${check}`), sync: note('sync', () => Promise.resolve()) },
    logger: createLogger('silent'),
    intervalMs: 1_000,
    stopWaitMs: 500,
  });
  return { writer, done };
}

test('a sample goes into the history and to the incidents, without a writing', () => {
  const { writer, done } = start();
  writer.onSample(sampleOf('database', 'healthy'));
  expect(done).toEqual(['recorded database', 'observed database']);
});

test('it writes at once and then in its interval, started twice or not', async () => {
  const { writer, done } = start();
  writer.start();
  writer.start();
  await vi.advanceTimersByTimeAsync(2_500);
  expect(done).toEqual(['flush', 'sync', 'flush', 'sync', 'flush', 'sync']);
});

test('a writing that failed is followed by the next', async () => {
  const { writer, done } = start(() => Promise.reject(new Error('Postgres is away')));
  writer.start();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(done).toEqual(['flush', 'flush']);
});

test('it writes a last time when it stops, once, and then no more', async () => {
  const { writer, done } = start();
  writer.start();
  await vi.advanceTimersByTimeAsync(100);
  await writer.stop();
  await writer.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual(['flush', 'sync', 'flush', 'sync']);
});

test('while a writing hangs none begins, and a stop waits for it only so long', async () => {
  const { writer, done } = start(() => new Promise(() => undefined));
  writer.start();
  await vi.advanceTimersByTimeAsync(10_000);
  let isStopped = false;
  const stopping = writer.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(499);
  expect(isStopped).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await stopping;
  expect(done).toEqual(['flush']);
});
