import { expect, test } from 'vitest';
import { createSampleBook } from '#server/services/health/sample-book.ts';
import { sampleOf } from '#tests/support/health-history.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z');
const SECOND = 1_000;
const MINUTE = 60_000;

test('the first sample stands for no time, the next for the time since it', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON);
  book.add(sampleOf('database', 'healthy'), NOON + SECOND);
  expect(book.take()).toMatchObject([{ check: 'database', minuteAt: NOON, healthyMs: SECOND, unhealthyMs: 0, sampleCount: 2 }]);
});

test('the time before a sample is of the state that it found', () => {
  const book = createSampleBook();
  (['healthy', 'healthy', 'unhealthy', 'disabled'] as const).forEach((state, index) => book.add(sampleOf('database', state), NOON + index * SECOND));
  expect(book.take()).toMatchObject([{ healthyMs: SECOND, unhealthyMs: SECOND, disabledMs: SECOND, sampleCount: 3 }]);
});

test('time is split at full minutes, and a sample belongs to the minute in which it was taken', () => {
  const book = createSampleBook();
  book.add(sampleOf('telegram', 'healthy', 10), NOON - 30 * SECOND);
  book.add(sampleOf('telegram', 'healthy', 30), NOON + 90 * SECOND);
  expect(book.take().map(({ minuteAt, healthyMs, sampleCount, latencySumMs }) => [minuteAt, healthyMs, sampleCount, latencySumMs])).toEqual([
    [NOON - MINUTE, 30 * SECOND, 1, 10],
    [NOON, MINUTE, 0, 0],
    [NOON + MINUTE, 30 * SECOND, 1, 30],
  ]);
});

test('a sample on a full minute fills the minute before', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON - SECOND);
  book.add(sampleOf('database', 'healthy'), NOON);
  expect(book.take().map(({ minuteAt, healthyMs, sampleCount }) => [minuteAt, healthyMs, sampleCount])).toEqual([[NOON - MINUTE, SECOND, 1], [NOON, 0, 1]]);
});

test('time that is longer than a sample is believed is nobody’s', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON);
  book.add(sampleOf('database', 'healthy'), NOON + 40 * SECOND);
  expect(book.take()).toMatchObject([{ healthyMs: 10_500 }]);
});

test('checks do not share their time', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON);
  book.add(sampleOf('scheduler', 'unhealthy'), NOON + SECOND);
  book.add(sampleOf('database', 'healthy'), NOON + 2 * SECOND);
  expect(book.take()).toMatchObject([{ check: 'database', healthyMs: 2 * SECOND }, { check: 'scheduler', unhealthyMs: 0 }]);
});

test('latency is rounded, summed and its highest kept; what is disabled measures nothing', () => {
  const book = createSampleBook();
  book.add(sampleOf('openrouter', 'healthy', 1.4), NOON);
  book.add(sampleOf('openrouter', 'unhealthy', 8.6), NOON + SECOND);
  book.add(sampleOf('openrouter', 'disabled', 900), NOON + 2 * SECOND);
  expect(book.take()).toMatchObject([{ sampleCount: 2, latencySumMs: 10, latencyMaxMs: 9 }]);
});

test('what was taken is not taken again, and the time goes on where it was', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON);
  book.take();
  expect(book.take()).toEqual([]);
  book.add(sampleOf('database', 'healthy'), NOON + SECOND);
  expect(book.take()).toMatchObject([{ healthyMs: SECOND }]);
});

test('a clock that is set back makes no time', () => {
  const book = createSampleBook();
  book.add(sampleOf('database', 'healthy'), NOON);
  book.add(sampleOf('database', 'healthy'), NOON - MINUTE);
  expect(book.take().map(({ healthyMs }) => healthyMs)).toEqual([0, 0]);
});

test('a day of minutes is kept at most: the oldest go', () => {
  const book = createSampleBook();
  for (let minute = 0; minute <= 1_500; minute += 1) book.add(sampleOf('telegram', 'healthy'), NOON + minute * MINUTE);
  const kept = book.take();
  expect(kept).toHaveLength(1_440);
  expect(kept.at(-1)?.minuteAt).toBe(NOON + 1_500 * MINUTE);
  expect(kept[0]?.minuteAt).toBe(NOON + 61 * MINUTE);
});
