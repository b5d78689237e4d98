import { expect, test } from 'vitest';
import { fromLocalTime, toLocalTime } from '#app/lib/local-time.ts';

test('a time in a field is one of the given time zone, and comes back as it was typed', () => {
  expect(fromLocalTime('2026-11-25T22:30', 'Europe/Moscow')).toBe('2026-11-25T19:30:00.000Z');
  expect(fromLocalTime('2026-11-25T22:30', 'UTC')).toBe('2026-11-25T22:30:00.000Z');
  expect(toLocalTime('2026-11-25T19:30:59.000Z', 'Europe/Moscow')).toBe('2026-11-25T22:30');
  for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati']) {
    expect(toLocalTime(fromLocalTime('2026-03-01T00:05', zone) ?? '', zone)).toBe('2026-03-01T00:05');
  }
});

test('where clocks are changed, the hour that is left out is the next one', () => {
  expect(fromLocalTime('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(fromLocalTime('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(fromLocalTime('2026-10-25T04:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00.000Z');
});

test('browsers may tell seconds too', () => {
  expect(fromLocalTime('2026-11-25T22:30:15', 'UTC')).toBe('2026-11-25T22:30:00.000Z');
});

test('what is no time, or no time zone, is none', () => {
  for (const text of ['', 'tomorrow', '2026-11-25', '2026-13-25T10:00', '2026-11-25T25:00', '2026-11-25T10:00Z']) expect(fromLocalTime(text, 'UTC')).toBeNull();
  expect(fromLocalTime('2026-11-25T10:00', 'Europe/Nowhere')).toBeNull();
  expect(fromLocalTime('2026-11-25T10:00', '')).toBeNull();
});
