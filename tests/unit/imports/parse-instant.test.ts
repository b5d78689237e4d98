import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '#server/services/imports/fault.ts';
import { parseInstant } from '#server/services/imports/parse-instant.ts';

test.each([
  ['2023-11-16 18:15:46.6805900', '2023-11-16T18:15:46.68059Z'],
  ['2023-11-16T18:15:46Z', '2023-11-16T18:15:46Z'],
  ['2023-11-16T18:15:46.000Z', '2023-11-16T18:15:46Z'],
  ['2023-11-16 18:15', '2023-11-16T18:15:00Z'],
  ['2023-11-16 18:15:46,5', '2023-11-16T18:15:46.5Z'],
  ['2023-11-16 18:15:46 UTC', '2023-11-16T18:15:46Z'],
  ['2023-11-16T18:15:46+03:00', '2023-11-16T15:15:46Z'],
  ['2023-11-16 18:15:46.25 -0530', '2023-11-16T23:45:46.25Z'],
  ['2023-11-16 18:15:46+03', '2023-11-16T15:15:46Z'],
  ['2024-02-29 00:00:00', '2024-02-29T00:00:00Z'],
  ['1999-12-31T23:30:00-01:00', '2000-01-01T00:30:00Z'],
  ['2100-12-31 23:59:59.999999999', '2100-12-31T23:59:59.999999999Z'],
])('%s is %s', (text, at) => {
  expect(parseInstant(text)).toMatchObject({ at });
});

test('milliseconds are cut off, not rounded', () => {
  expect(parseInstant('2024-01-01 00:00:00.9999')).toMatchObject({ atMs: Date.UTC(2024, 0, 1, 0, 0, 0, 999) });
});

test.each([
  ['', 'the timestamp is missing'],
  ['yesterday', 'the timestamp is not readable'],
  ['2023-11-16', 'the timestamp is not readable'],
  ['16.11.2023 18:15:46', 'the timestamp is not readable'],
  ['1700158546', 'the timestamp is not readable'],
  ['2023-11-16 18:15:46.1234567890', 'the timestamp is not readable'],
  ['2023-02-29 00:00:00', 'the timestamp does not exist'],
  ['2023-13-01 00:00:00', 'the timestamp does not exist'],
  ['2023-00-01 00:00:00', 'the timestamp does not exist'],
  ['2023-11-16 24:00:00', 'the timestamp does not exist'],
  ['2023-11-16 18:60:00', 'the timestamp does not exist'],
  ['2023-11-16 18:15:46+15:00', 'the timestamp does not exist'],
  ['2023-11-16 18:15:46+01:75', 'the timestamp does not exist'],
  ['1999-12-31 23:59:59', 'the year is outside 2000 to 2100'],
  ['2101-01-01 00:00:00', 'the year is outside 2000 to 2100'],
  ['0050-01-01 00:00:00', 'the year is outside 2000 to 2100'],
])('"%s" is refused: %s', (text, reason) => {
  expect(parseInstant(text)).toEqual(new Fault(reason));
});

test('an instant written in any zone is the same instant', () => {
  const date = fc.date({ min: new Date('2001-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, offsetMinutes) => {
      const local = new Date(instant.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 23);
      const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60].map((part) => String(part).padStart(2, '0'));
      expect(parseInstant(`${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`)).toMatchObject({ atMs: instant.getTime() });
    }),
  );
});
