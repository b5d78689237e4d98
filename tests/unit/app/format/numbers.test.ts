import { expect, test } from 'vitest';
import { formatCompactCount, formatCount, formatDurationMs, formatPercent } from '#app/lib/format/numbers.ts';

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

test('durations are in milliseconds below a second and in seconds above', () => {
  expect(formatDurationMs(0.12, 'en')).toBe('0.1\u00a0ms');
  expect(formatDurationMs(842.4, 'en')).toBe('842\u00a0ms');
  expect(formatDurationMs(7_421.5, 'en')).toBe('7.42s');
  expect(formatDurationMs(7_421.5, 'ru')).toBe('7,42\u00a0с');
});
