import fc from 'fast-check';
import { GrammyError, HttpError } from 'grammy';
import { expect, test } from 'vitest';
import { parseDialog } from '#server/bot/dialog.ts';
import { retryAfterMs } from '#server/bot/failure.ts';
import { parseBirthDate } from '#server/bot/input/parse-birth-date.ts';
import { parseBirthTime } from '#server/bot/input/parse-birth-time.ts';
import { pollDelayMs } from '#server/bot/intake/poll-delay.ts';
import { updateAgeMs } from '#server/bot/update-age.ts';
import { INBOX_WORKER_DEFAULTS, retryDelayMs } from '#server/bot/worker-options.ts';

const two = (value: number) => String(value).padStart(2, '0');
const hour = fc.integer({ min: 0, max: 23 });
const minute = fc.integer({ min: 0, max: 59 });
const refusal = (retryAfter?: number) =>
  new GrammyError('refused', { ok: false, error_code: 429, description: 'Too Many Requests', ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }) }, 'sendMessage', {});

test('every minute of the day is read, however it is separated and padded', () => {
  fc.assert(
    fc.property(hour, minute, fc.constantFrom(':', '.', ' ', '-', ''), fc.boolean(), fc.constantFrom('', ' ', '\n'), (h, m, separator, isPadded, space) => {
      const typed = `${space}${isPadded ? two(h) : h}${separator}${two(m)}${space}`;
      expect(parseBirthTime(typed)).toBe(`${two(h)}:${two(m)}`);
    }),
  );
});

test('what is read as a time is always a time of day in one form', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789:. -amp٣'), maxLength: 7 }), (text) => {
      const time = parseBirthTime(text);
      if (time !== null) expect(time).toMatch(/^(?:[01]\d|2[0-3]):[0-5]\d$/);
    }),
    { numRuns: 2_000 },
  );
});

test('what is read as a birth date is a day of the calendar, not before 1900 and not after today', () => {
  const part = fc.integer({ min: 0, max: 40 });
  const year = fc.integer({ min: 1850, max: 2150 });
  fc.assert(
    fc.property(year, part, part, fc.constantFrom('-', '.', '/'), fc.boolean(), (y, m, d, separator, isYearFirst) => {
      const typed = (isYearFirst ? [y, m, d] : [d, m, y]).join(separator);
      const result = parseBirthDate(typed, '2026-11-24');
      const date = `${y}-${two(m)}-${two(d)}`;
      const exists = m >= 1 && m <= 12 && d >= 1 && d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
      const expected = !exists ? 'impossible' : date > '2026-11-24' ? 'future' : y < 1900 ? 'too_old' : 'ok';
      expect(result).toEqual(expected === 'ok' ? { status: 'ok', date } : { status: expected });
    }),
    { numRuns: 2_000 },
  );
});

test('a stored dialog is either one that the bot knows, unchanged, or none', () => {
  const step = fc.constantFrom('sign', 'tarot_question', 'natal_date', 'natal_time', 'natal_place', 'gone', '');
  const stored = fc.oneof(fc.record({ step, data: fc.option(fc.record({ purpose: fc.constantFrom('start', 'horoscope', 'x') }), { nil: undefined }) }), fc.jsonValue());
  fc.assert(
    fc.property(stored, (value) => {
      const dialog = parseDialog(value);
      if (dialog === null) return;
      expect(value).toMatchObject(dialog.step === 'sign' ? { ...dialog } : { step: dialog.step });
      if (dialog.step === 'sign') expect(['start', 'horoscope']).toContain(dialog.data.purpose);
    }),
  );
});

test('Telegram’s wish to wait is known in milliseconds, and nothing else is taken for one', () => {
  expect(retryAfterMs(refusal(61))).toBe(61_000);
  for (const other of [refusal(), new HttpError('lost', new Error('ECONNRESET')), new Error('retry_after: 5'), null]) expect(retryAfterMs(other)).toBe(0);
});

test('a wait grows with each failure, never shrinks, and never passes its bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (failures) => {
      const [now, next] = [failures, failures + 1];
      expect(pollDelayMs(new Error('x'), next)).toBeGreaterThanOrEqual(pollDelayMs(new Error('x'), now));
      expect(pollDelayMs(new Error('x'), now)).toBeLessThanOrEqual(15_000);
      expect(retryDelayMs(next, INBOX_WORKER_DEFAULTS)).toBeGreaterThanOrEqual(retryDelayMs(now, INBOX_WORKER_DEFAULTS));
      expect(retryDelayMs(now, INBOX_WORKER_DEFAULTS)).toBeLessThanOrEqual(INBOX_WORKER_DEFAULTS.retryDelayMaxMs);
    }),
  );
});

test('a poll is never made earlier than Telegram allowed, however few failures there were', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 86_400 }), fc.integer({ min: 1, max: 50 }), (seconds, failures) => pollDelayMs(refusal(seconds), failures) >= seconds * 1_000));
});

test('the age of an update fits the column that keeps it, even after years in the queue', () => {
  const at = new Date('2026-11-24T10:00:00Z');
  expect(updateAgeMs({ update_id: 1 }, new Date('1990-01-01T00:00:00Z'), at)).toBe(2 ** 31 - 1);
});
