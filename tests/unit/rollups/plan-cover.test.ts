import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cover, Span } from '#db/queries/rollups/cover.ts';
import { bucketStarts, type Bucket } from '#server/lib/time-buckets.ts';
import { planCover } from '#server/services/rollups/plan-cover.ts';

const MINUTE_US = 60_000_000;
const SLOT_US = 5 * MINUTE_US;
const HOUR_US = 60 * MINUTE_US;
const DAY_MS = 86_400_000;
const ZONES = ['UTC', 'Europe/Moscow', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Havana', 'Asia/Beirut'];
const FROM = Date.UTC(2026, 0, 1);

/** Microseconds of an instant as Postgres reads it. */
function us(text: string): number {
  const [, seconds, fraction] = /^(.*)\.(\d{6})Z$/.exec(text) ?? [null, text.replace(/Z$/, ''), '0'];
  return Date.parse(`${seconds}Z`) * 1_000 + Number(fraction);
}

/** The local date as Intl tells it. */
function dateOf(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(atMs));
}

/** The instants that a run of days stands for: the first instant of the first date to the first after the last, found minute by minute. */
function expandDays({ from, to }: Span, timeZone: string): Span {
  const find = (label: string) => {
    const date = label.slice(0, 10);
    let atMs = Date.parse(`${date}T00:00:00Z`) - 15 * 3_600_000;
    while (dateOf(atMs, timeZone) < date) atMs += 15 * 60_000;
    return new Date(atMs).toISOString();
  };
  return { from: find(from), to: find(to) };
}

function spansOf(cover: Cover, timeZone: string): { readonly from: number; readonly to: number; readonly level: string }[] {
  const plain = (level: string, spans: readonly Span[]) => spans.map(({ from, to }) => ({ level, from: us(from), to: us(to) }));
  return [
    ...plain('raw', cover.raw),
    ...plain('slot', cover.runs[0]),
    ...plain('hour', cover.runs[1]),
    ...plain('day', cover.runs[2].map((span) => expandDays(span, timeZone))),
    ...plain('week', cover.runs[3].map((span) => expandDays(span, timeZone))),
  ].toSorted((a, b) => a.from - b.from);
}

const arbitrary = fc.record({
  zone: fc.constantFrom(...ZONES),
  rollupZone: fc.constantFrom(...ZONES, 'same'),
  fromMs: fc.oneof(fc.nat({ max: 400 * DAY_MS }), fc.nat({ max: 400 * 24 * 12 }).map((slots) => slots * 300_000)).map((ms) => FROM + ms),
  lengthMs: fc.oneof(fc.integer({ min: 1, max: 700_000 }), fc.integer({ min: 1, max: 3 * DAY_MS }), fc.integer({ min: 1, max: 40 * DAY_MS })),
  bucket: fc.constantFrom<Bucket | 'none'>('5min', 'hour', 'day', 'week', 'month', 'none'),
  isWindow: fc.boolean(),
});

test('raw rows, five minutes, hours, days and weeks follow one another without a gap or an overlap from the start of the range to its end', () => {
  fc.assert(
    fc.property(arbitrary, ({ zone, rollupZone, fromMs, lengthMs, bucket, isWindow }) => {
      const [from, to] = [new Date(fromMs), new Date(fromMs + lengthMs)];
      const cover = planCover({ from, to, isWindow, timeZone: zone, rollupTimeZone: rollupZone === 'same' ? zone : rollupZone, ...(bucket === 'none' ? {} : { starts: bucketStarts(from, to, bucket, zone) }) });
      const spans = spansOf(cover, zone);
      const shift = isWindow ? 1 : 0;
      expect(spans[0]?.from).toBe(fromMs * 1_000 + shift);
      expect(spans.at(-1)?.to).toBe((fromMs + lengthMs) * 1_000 + shift);
      for (const [index, span] of spans.slice(1).entries()) expect(span.from).toBe(spans[index]?.to);
    }),
    { numRuns: 150 },
  );
});

test('raw rows fill less than five minutes at either end, and hours and five minutes stand on their own borders', () => {
  fc.assert(
    fc.property(arbitrary, ({ zone, fromMs, lengthMs }) => {
      const cover = planCover({ from: new Date(fromMs), to: new Date(fromMs + lengthMs), timeZone: zone, rollupTimeZone: zone });
      expect(cover.raw.length).toBeLessThanOrEqual(2);
      for (const { from, to } of cover.raw) expect(us(to) - us(from)).toBeLessThan(2 * SLOT_US);
      for (const { from, to } of cover.runs[0]) expect([us(from) % SLOT_US, us(to) % SLOT_US]).toEqual([0, 0]);
      for (const { from, to } of cover.runs[1]) expect([us(from) % HOUR_US, us(to) % HOUR_US]).toEqual([0, 0]);
    }),
    { numRuns: 150 },
  );
});

test('a month takes whole weeks, and at most two cut ones and two cut days', () => {
  const cover = planCover({ from: new Date('2026-10-26T10:37:12.345Z'), to: new Date('2026-11-25T10:37:12.345Z'), timeZone: 'Europe/Moscow', rollupTimeZone: 'Europe/Moscow' });
  expect(cover.runs[3]).toEqual([{ from: '2026-11-02T00:00:00Z', to: '2026-11-23T00:00:00Z' }]);
  expect(cover.runs[2]).toEqual([{ from: '2026-10-27T00:00:00Z', to: '2026-11-02T00:00:00Z' }, { from: '2026-11-23T00:00:00Z', to: '2026-11-25T00:00:00Z' }]);
  expect(cover.runs[1]).toHaveLength(2);
  expect(cover.runs[0]).toHaveLength(2);
});

test('weeks begin on Mondays, and none is used where buckets are shorter or begin within it', () => {
  fc.assert(
    fc.property(arbitrary, ({ zone, fromMs, lengthMs, bucket }) => {
      const [from, to] = [new Date(fromMs), new Date(fromMs + lengthMs)];
      const starts = bucket === 'none' ? [from] : bucketStarts(from, to, bucket, zone);
      const { runs } = planCover({ from, to, starts, timeZone: zone, rollupTimeZone: zone });
      const borders = starts.slice(1).map((start) => dateOf(start.getTime(), zone));
      for (const week of runs[3]) {
        expect([new Date(week.from).getUTCDay(), new Date(week.to).getUTCDay()]).toEqual([1, 1]);
        const inside = borders.filter((date) => date > week.from.slice(0, 10) && date < week.to.slice(0, 10));
        expect(inside.every((date) => new Date(date).getUTCDay() === 1)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test('no day of another time zone is used', () => {
  const input = { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-11-01T00:00:00Z'), timeZone: 'Europe/Moscow' };
  const lengths = (rollupTimeZone: string) => [2, 3].map((level) => planCover({ ...input, rollupTimeZone }).runs[level === 2 ? 2 : 3].length);
  expect(lengths('UTC')).toEqual([0, 0]);
  expect(lengths('Europe/Moscow')).toEqual([2, 1]);
});

test('where raw rows are not kept, a cut end counts its whole five minutes', () => {
  const [from, to] = [new Date('2026-10-01T10:02:00Z'), new Date('2026-10-01T10:58:00Z')];
  const zones = { timeZone: 'UTC', rollupTimeZone: 'UTC' };
  expect(planCover({ from, to, ...zones, rawFrom: 'never' })).toMatchObject({ raw: [], folded: { from: '2026-10-01T10:00:00.000000Z', to: '2026-10-01T11:00:00.000000Z' } });
  const kept = planCover({ from, to, ...zones, rawFrom: new Date('2026-10-01T10:30:00Z') });
  expect(kept.raw).toEqual([{ from: '2026-10-01T10:55:00.000000Z', to: '2026-10-01T10:58:00.000000Z' }]);
});
