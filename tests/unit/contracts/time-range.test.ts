import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RangeInput } from '#server/contracts/time-range.ts';

const messages = (input: unknown) => RangeInput.safeParse(input).error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];

test.each(['24h', '7d', '30d'])('%s is a range', (range) => expect(RangeInput.parse({ range })).toEqual({ range }));

test('no range at all is accepted: the reader of it chooses the default', () => expect(RangeInput.parse({})).toEqual({}));

test.each([
  ['an unknown preset', { range: '9y' }, 'range must be one of 24h, 7d, 30d'],
  ['an empty preset', { range: '' }, 'range must be one of 24h, 7d, 30d'],
  ['a start after the end', { from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' }, 'from must be earlier than to'],
  ['an empty range', { from: '2026-02-02T00:00:00Z', to: '2026-02-02T00:00:00Z' }, 'from must be earlier than to'],
  ['only a start', { from: '2026-02-02T00:00:00Z' }, 'to is missing: a custom range needs both from and to'],
  ['only an end', { to: '2026-02-02T00:00:00Z' }, 'from is missing: a custom range needs both from and to'],
  ['a preset and instants', { range: '7d', from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' }, 'range cannot be combined with from and to'],
  ['the year 0', { from: '0000-01-01T00:00:00Z', to: '2026-02-02T00:00:00Z' }, 'from must lie between the years 2000 and 2100'],
  ['more than 400 days', { from: '2025-01-01T00:00:00Z', to: '2026-02-06T00:00:00Z' }, 'to must be at most 400 days after from'],
  ['words', { from: 'yesterday', to: 'today' }, 'from must be an instant like 2026-11-01T00:00:00Z'],
  ['a day that does not exist', { from: '2026-02-30T00:00:00Z', to: '2026-03-02T00:00:00Z' }, 'from must be an instant like 2026-11-01T00:00:00Z'],
])('%s is refused in words', (_name, input, message) => expect(messages(input)).toContain(message));

test('exactly 400 days are allowed', () => {
  expect(messages({ from: '2025-01-01T00:00:00Z', to: '2026-02-05T00:00:00Z' })).toEqual([]);
});

test('whatever is given, it is either refused in words or a range that holds', () => {
  const text = fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.constantFrom('24h', '7d', '30d'));
  const value = fc.oneof(text, fc.constant(undefined), fc.integer(), fc.array(text));
  fc.assert(
    fc.property(fc.record({ range: value, from: value, to: value }), (input) => {
      const parsed = RangeInput.safeParse(input);
      if (!parsed.success) return parsed.error.issues.every((issue) => issue.message.length > 0);
      const { range, from, to } = parsed.data;
      return range !== undefined ? from === undefined && to === undefined : from === to || Date.parse(from ?? '') < Date.parse(to ?? '');
    }),
  );
});
