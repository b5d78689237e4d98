import { expect, test } from 'vitest';
import { nameBucket } from '#app/lib/bucket-name.ts';
import { createFormat } from '#app/lib/use-format.ts';

const AT = '2026-10-31T21:00:00.000Z';

test.each([
  ['5min', '1 Nov, 00:00', '1 нояб., 00:00'],
  ['hour', '1 Nov, 00:00', '1 нояб., 00:00'],
  ['day', '1 Nov', '1 нояб.'],
  ['week', '1 Nov', '1 нояб.'],
  ['month', 'November 2026', 'ноябрь 2026 г.'],
] as const)('a bucket of %s has the name of its local time in both languages', (bucket, english, russian) => {
  const name = (language: 'en' | 'ru') => nameBucket(AT, { bucket, timeZone: 'Europe/Moscow' }, createFormat(language));
  expect([name('en'), name('ru')]).toEqual([english, russian]);
});
