import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportFileName } from '#server/services/exports/file-name.ts';
import { localInstant } from '#server/services/exports/local-instant.ts';
import { readMe } from '#server/services/exports/read-me.ts';
import { Slots } from '#server/services/exports/slots.ts';
import { EXPORTABLE_REPORTS } from '#server/services/exports/report-registry.ts';
import { EXPORT_TABLES } from '#server/contracts/export.ts';

const spanOf = (from: string, to: string, timeZone = 'UTC') => ({ from: new Date(from), to: new Date(to), timeZone });

test.each([
  [spanOf('2026-11-01T00:00:00Z', '2026-11-26T00:00:00Z'), 'adtrobot-costs-2026-11-01-2026-11-25.csv'],
  [spanOf('2026-11-01T00:00:00Z', '2026-11-26T00:00:00.001Z'), 'adtrobot-costs-2026-11-01-2026-11-26.csv'],
  [spanOf('2026-10-31T21:00:00Z', '2026-11-25T21:00:00Z', 'Europe/Moscow'), 'adtrobot-costs-2026-11-01-2026-11-25.csv'],
])('a file is named after the first and the last day that it touches, by the clock of reports: %#', (span, name) => {
  expect(exportFileName(['costs'], span, 'csv')).toBe(name);
});

test('an instant is told by the clock of a zone and stays the same instant, whatever the zone', () => {
  expect(localInstant('2026-11-01T00:00:00.000Z', 'Europe/Moscow')).toBe('2026-11-01T03:00:00+03:00');
  expect(localInstant('2026-11-01T00:00:00.000Z', 'America/St_Johns')).toBe('2026-10-31T21:30:00-02:30');
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe');
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01Z'), max: new Date('2099-12-31Z'), noInvalidDate: true }), zones, (at, zone) => {
      expect(new Date(localInstant(at.toISOString(), zone)).getTime()).toBe(at.getTime());
    }),
  );
});

test.each(['en', 'ru'] as const)('the note in a zip says range, time zone, when it was made and what lies there: %s', (language) => {
  const text = readMe({ span: spanOf('2026-10-31T21:00:00Z', '2026-11-25T21:00:00Z', 'Europe/Moscow'), madeAt: new Date('2026-11-25T12:30:00Z'), fileNames: ['a.csv', 'b.json'], language });
  for (const part of ['2026-11-01T00:00:00+03:00', '2026-11-26T00:00:00+03:00', 'Europe/Moscow', '2026-11-25T15:30:00+03:00', '- a.csv', '- b.json']) expect(text).toContain(part);
});

test('no more exports run at once than there are places, and a place is given back once', () => {
  const slots = new Slots(2);
  const [first] = [slots.take(), slots.take()];
  expect(() => slots.take()).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  first?.();
  first?.();
  slots.take();
  expect(() => slots.take()).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
});

test('every report has the tables that its contract names', () => {
  expect(Object.fromEntries(Object.entries(EXPORTABLE_REPORTS).map(([name, { tableNames }]) => [name, tableNames]))).toEqual(EXPORT_TABLES);
});
