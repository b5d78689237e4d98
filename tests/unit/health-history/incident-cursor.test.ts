import { expect, test } from 'vitest';
import { decodePlace, encodePlace } from '#server/services/health/incident-cursor.ts';

const PLACE = { startedAt: new Date('2026-11-18T12:00:00.123Z'), id: 42 };
const word = (text: string) => Buffer.from(text).toString('base64url');

test('a place comes back as it went', () => {
  expect(decodePlace(encodePlace(PLACE))).toEqual(PLACE);
});

test.each([
  ['nothing', ''],
  ['words', word('yesterday 7')],
  ['an instant alone', word('2026-11-18T12:00:00.123Z')],
  ['an id that is none', word('2026-11-18T12:00:00.123Z -1')],
  ['a fraction of an id', word('2026-11-18T12:00:00.123Z 1.5')],
  ['more than a place', word('2026-11-18T12:00:00.123Z 1 2')],
  ['another way to write it', word('2026-11-18T12:00:00Z 1')],
  ['a year that Postgres does not know', word('-000001-01-01T00:00:00.000Z 1')],
  ['a year far ahead', word('+275760-09-13T00:00:00.000Z 1')],
])('a word that the list never gave is refused: %s', (_name, cursor) => {
  expect(() => decodePlace(cursor)).toThrow(expect.objectContaining({ code: 'bad_input', message: 'cursor is not one that this list gave out' }));
});
