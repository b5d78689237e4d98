import { expect, test } from 'vitest';
import { formatCompactCount, formatCount, formatDurationMs, formatPercent, formatRate, formatSpanMs, formatUptime } from '#app/lib/format/numbers.ts';

test('counts separate their thousands, and shorten from a million on', () => {
  expect(formatCount(1_234_567, 'en')).toBe('1,234,567');
  expect(formatCount(1_234_567, 'ru')).toBe('1\u00a0234\u00a0567');
  expect(formatCompactCount(999_999, 'en')).toBe('999,999');
  expect(formatCompactCount(2_224_666, 'en')).toBe('2.22M');
  expect(formatCompactCount(2_224_666, 'ru')).toBe('2,22\u00a0млн');
});

test('a small error rate does not read as none', () => {
  expect(formatPercent(0, 'en')).toBe('0%');
  expect(formatPercent(0.0004, 'en')).toBe('0.04%');
  expect(formatPercent(0.0077, 'en')).toBe('0.8%');
  expect(formatPercent(1, 'en')).toBe('100%');
});

test('a small rate does not read as none, and a large one is a whole number', () => {
  expect([0, 0.00485, 0.25, 12.345, 1_234.5].map((rate) => formatRate(rate, 'en'))).toEqual(['0', '0.00485', '0.25', '12.3', '1,235']);
  expect(formatRate(12.345, 'ru')).toBe('12,3');
});

test('durations are in milliseconds below a second and in seconds above', () => {
  expect(formatDurationMs(0.12, 'en')).toBe('0.1\u00a0ms');
  expect(formatDurationMs(842.4, 'en')).toBe('842\u00a0ms');
  expect(formatDurationMs(7_421.5, 'en')).toBe('7.42s');
  expect(formatDurationMs(7_421.5, 'ru')).toBe('7,42\u00a0с');
});

test('only a whole uptime reads as 100, and only none at all as 0', () => {
  expect(formatUptime(1, 'en')).toBe('100%');
  expect(formatUptime(0, 'en')).toBe('0%');
  for (const [ratio, text] of [[0.9999, '99.99%'], [0.99999, '99.999%'], [0.9999999, '99.999%'], [0.99995, '99.995%'], [1e-9, '0.01%']] as const) {
    expect(formatUptime(ratio, 'en')).toBe(text);
  }
});

test('an uptime is rounded down, but never by what a binary fraction leaves out', () => {
  expect(formatUptime(0.98769, 'en')).toBe('98.76%');
  for (let part = 1; part < 100; part += 1) expect(formatUptime(part / 100, 'en')).toBe(`${part}.00%`);
  expect(formatUptime(0.9957, 'ru')).toBe('99,57\u00a0%');
});

test('a stretch of time is told in its two largest units', () => {
  const told = (spanMs: number) => formatSpanMs(spanMs, 'en').replaceAll('\u00a0', ' ');
  expect([0, 144, 45_000, 125_000, 3_600_000, 7_505_000, 90_061_000].map(told)).toEqual(['0 sec', '144 ms', '45 sec', '2 min 5 sec', '1 hr', '2 hr 5 min', '1 day 1 hr']);
  expect(formatSpanMs(7_505_000, 'ru')).toBe('2\u00a0ч\u00a05\u00a0мин');
});
