import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS, COMPARISONS, RANGE_REFUSALS, RangeInput, rangeIssue } from '#server/contracts/time-range.ts';

const EDGE = 'must be an instant like 2026-11-01T00:00:00Z or a day like 2026-11-01';
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
  ['words', { from: 'yesterday', to: 'today' }, `from ${EDGE}`],
  ['an instant of no day', { from: '2026-02-30T00:00:00Z', to: '2026-03-02T00:00:00Z' }, `from ${EDGE}`],
  ['a day that does not exist', { from: '2026-02-30', to: '2026-03-02' }, `from ${EDGE}`],
  ['a day without its zeros', { from: '2026-2-3', to: '2026-03-02' }, `from ${EDGE}`],
  ['an instant without a zone', { from: '2026-02-03T00:00:00', to: '2026-03-02T00:00:00' }, `from ${EDGE}`],
  ['a day and an instant', { from: '2026-02-01', to: '2026-02-02T00:00:00Z' }, 'to must be of the same kind as from: both instants, or both days'],
  ['a last day before the first', { from: '2026-02-02', to: '2026-02-01' }, 'from must not be later than to'],
  ['401 days', { from: '2025-01-01', to: '2026-02-05' }, 'to must be at most 400 days after from'],
  ['a day of the year 1999', { from: '1999-12-31', to: '2000-01-01' }, 'from must lie between the years 2000 and 2100'],
  ['a day of the year 2100', { from: '2099-12-31', to: '2100-01-01' }, 'to must lie between the years 2000 and 2100'],
  ['an unknown bucket', { bucket: 'minute' }, 'bucket must be one of 5min, hour, day, week, month'],
  ['an unknown comparison', { compare: 'best' }, 'compare must be previous or year'],
])('%s is refused in words', (_name, input, message) => expect(messages(input)).toContain(message));

test('a bucket and a comparison go with any range', () => {
  for (const bucket of BUCKETS) for (const compare of COMPARISONS) {
    expect(messages({ bucket, compare })).toEqual([]);
    expect(messages({ range: '30d', bucket, compare })).toEqual([]);
    expect(messages({ from: '2026-02-01', to: '2026-02-01', bucket, compare })).toEqual([]);
  }
});

test('exactly 400 days are allowed', () => {
  expect(messages({ from: '2025-01-01', to: '2026-02-04' })).toEqual([]);
  expect(messages({ from: '2025-01-01T00:00:00Z', to: '2026-02-05T00:00:00Z' })).toEqual([]);
});

test('every refusal of a well-formed range tells its reason beside its words', () => {
  const reasonsOf = (input: unknown) => (RangeInput.safeParse(input).error?.issues ?? []).map((issue) => (issue.code === 'custom' ? issue.params?.reason : null));
  const [first, second] = ['2026-02-01', '2026-02-02'];
  const told = [
    { range: '7d', from: first, to: second }, { from: first }, { from: first, to: `${second}T00:00:00Z` }, { from: `${second}T00:00:00Z`, to: `${first}T00:00:00Z` },
    { from: second, to: first }, { from: '2024-02-01', to: first }, { from: '1999-02-01', to: '1999-02-02' },
  ].map((input) => reasonsOf(input)[0]);
  expect([...told, rangeIssue('bucket', 'too_many_buckets', '').params.reason]).toEqual(RANGE_REFUSALS);
});

test('whatever is given, it is either refused in words or a range that holds', () => {
  const text = fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.constantFrom('24h', '7d', '30d', '2026-02-01', '2026-02-02'));
  const value = fc.oneof(text, fc.constant(undefined), fc.integer(), fc.array(text));
  fc.assert(
    fc.property(fc.record({ range: value, from: value, to: value }), (input) => {
      const parsed = RangeInput.safeParse(input);
      if (!parsed.success) return parsed.error.issues.every((issue) => issue.message.length > 0);
      const { range, from, to } = parsed.data;
      return range !== undefined ? from === undefined && to === undefined : from === to || (from?.length === to?.length ? Date.parse(from ?? '') <= Date.parse(to ?? '') : !(/^.{10}$/.test(from ?? '') || /^.{10}$/.test(to ?? '')));
    }),
  );
});
