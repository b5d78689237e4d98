import { expect, test } from 'vitest';
import { checksOf, describeDown, describeDuration, describeRecovery, withLateness, type ToldIncident } from '#server/services/alerts/alert-text.ts';

const at = (seconds: number) => new Date(Date.parse('2026-03-29T00:59:50Z') + seconds * 1_000);
const TEXTS = { describeFinding: (code: string, detail: string | null) => `${code} ${detail ?? '-'}.`, timeZone: 'Europe/Berlin', healthUrl: 'https://bot.example/h' };
const incident = (check: string, rest: Partial<ToldIncident> = {}): ToldIncident => ({ check, startedAt: at(0), recoveredAt: null, code: 'x', detail: null, ...rest });

test('times are those of the reporting time zone, which is named, also over a change of its clock', () => {
  const text = describeRecovery([incident('database', { recoveredAt: at(20) })], TEXTS);
  expect(text).toBe('Recovered: database\ndatabase: down for 20 s, from 2026-03-29 01:59:50 Europe/Berlin to 2026-03-29 03:00:10 Europe/Berlin.\nSee https://bot.example/h');
});

test('a check with several outages is named once and each outage has its line', () => {
  const both = [incident('telegram', { detail: '7' }), incident('database'), incident('telegram', { startedAt: at(5) })];
  expect(checksOf(both)).toEqual(['telegram', 'database']);
  expect(describeDown(both, TEXTS).split('\n')).toEqual([
    'Down: telegram, database',
    'telegram: x 7. Since 2026-03-29 01:59:50 Europe/Berlin.',
    'database: x -. Since 2026-03-29 01:59:50 Europe/Berlin.',
    'telegram: x -. Since 2026-03-29 01:59:55 Europe/Berlin.',
    'See https://bot.example/h',
  ]);
});

test.each([
  [0, '0 s'],
  [-5_000, '0 s'],
  [400, '0 s'],
  [59_499, '59 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [3_661_000, '1 h 1 min'],
  [90_000_000, '1 d 1 h'],
  [86_460_000, '1 d'],
])('%i ms are %s', (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});

test('an alert says that it is late from two minutes on', () => {
  expect(withLateness('Down: database', at(0), at(119.9))).toBe('Down: database');
  expect(withLateness('Down: database', at(0), at(120))).toBe('Down: database\nTold 2 min late: it could not be delivered before.');
});
