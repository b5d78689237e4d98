import { tzOffset } from '@date-fns/tz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { offsetMs, offsetSpans } from '#server/lib/zone-offsets.ts';
import { instantArbitrary, ZONES } from '#tests/support/zones.ts';

const HOUR_MS = 3_600_000;
const zone = fc.constantFrom(...ZONES, ...Intl.supportedValuesOf('timeZone'));

test('spans follow on one another, differ from their neighbours and have the offset of the time zone data', () => {
  fc.assert(
    fc.property(instantArbitrary, fc.integer({ min: 1, max: 400 * 24 * HOUR_MS }), zone, (from, lengthMs, timeZone) => {
      const [fromMs, untilMs] = [from.getTime(), from.getTime() + lengthMs];
      const spans = offsetSpans(timeZone, fromMs, untilMs);
      expect([spans[0]?.fromMs, spans.at(-1)?.untilMs]).toEqual([fromMs, untilMs]);
      for (const [index, span] of spans.entries()) {
        const next = spans[index + 1];
        if (next) expect(next).toMatchObject({ fromMs: span.untilMs });
        expect(next?.offsetMs).not.toBe(span.offsetMs);
        for (const ms of [span.fromMs, Math.floor((span.fromMs + span.untilMs) / 2), span.untilMs - 1]) {
          expect(span.offsetMs, `${timeZone} ${new Date(ms).toISOString()}`).toBe(tzOffset(timeZone, new Date(ms)) * 60_000);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a year has as many spans as its clock is turned, and one more', () => {
  const count = (timeZone: string, year: number) => offsetSpans(timeZone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)).length;
  expect(count('UTC', 2026)).toBe(1);
  expect(count('Europe/Berlin', 2026)).toBe(3);
  expect(count('Africa/Casablanca', 2025)).toBe(3);
});

test('a clock is turned at the second', () => {
  const spans = offsetSpans('Australia/Lord_Howe', Date.UTC(2026, 3, 1), Date.UTC(2026, 3, 10));
  expect(spans.map((span) => [new Date(span.fromMs).toISOString(), span.offsetMs / HOUR_MS])).toEqual([
    ['2026-04-01T00:00:00.000Z', 11],
    ['2026-04-04T15:00:00.000Z', 10.5],
  ]);
});

test('an offset is local less UTC', () => {
  expect(offsetMs(Date.UTC(2026, 10, 1), 'Asia/Kathmandu')).toBe(5.75 * HOUR_MS);
  expect(offsetMs(Date.UTC(2026, 10, 1), 'America/Havana')).toBe(-4 * HOUR_MS);
});
