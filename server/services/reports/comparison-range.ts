import type { Comparison } from '#server/contracts/time-range.ts';
import { endLocalMs, fromLocalMs, minusMonths, startLocalMs } from '#server/lib/local-clock.ts';
import { bucketStarts } from '#server/lib/time-buckets.ts';
import type { Range } from './resolve-range.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const YEAR_MONTHS = 12;

/** Where an end of a range lies in the time it is compared with. */
type Shift = (at: Date, edge: Edge) => Date;
type Edge = 'start' | 'end';

/**
 * The time that a range is compared with, in the same buckets. `previous` is the time before it, never overlapping it: days
 * and weeks go back by whole weeks, so that weekdays meet, months by months, hours and minutes by the range's own length, or by
 * its days when it has whole days on the clock. `year` has the same dates and clock times a year earlier, 28 February for
 * the 29th. What of a range is still to come has no counterpart: a day that runs is compared with the same part of another.
 */
export function comparisonRange(range: Range, compare: Comparison): Range {
  const { bucket, timeZone, asOf } = range;
  const shift = compare === 'year' ? shiftMonths(timeZone, YEAR_MONTHS) : shiftToPrevious(range);
  const end = asOf > range.from && asOf < range.to ? asOf : range.to;
  const from = shift(range.from, 'start');
  const to = endOf(from, shift(end, 'end'), end.getTime() - range.from.getTime());
  const cut = compare === 'previous' && to > range.from ? range.from : to;
  return { preset: null, from, to: cut, bucket, timeZone, starts: bucketStarts(from, cut, bucket, timeZone), asOf };
}

/** Where clocks were turned, nothing may be left of a short range: then it is as long as the one it is compared with. */
function endOf(from: Date, to: Date, lengthMs: number): Date {
  return to > from ? to : new Date(from.getTime() + lengthMs);
}

function shiftToPrevious(range: Range): Shift {
  const { from, to, bucket, timeZone } = range;
  const elapsedMs = to.getTime() - from.getTime();
  const localMs = endLocalMs(to, timeZone) - startLocalMs(from, timeZone);
  if (bucket === 'month') return shiftMonths(timeZone, countMonths(range));
  // A rolling week in which the clock goes forward has more than a week on the clock, and is still compared with the week before.
  if (bucket === 'day' || bucket === 'week') return shiftLocal(timeZone, Math.max(1, Math.ceil(Math.min(elapsedMs, localMs) / WEEK_MS)) * WEEK_MS);
  if (localMs > 0 && localMs % DAY_MS === 0) return shiftLocal(timeZone, localMs);
  return (at) => new Date(at.getTime() - elapsedMs);
}

/** The fewest months that lead from the end of the range to its start or before it. */
function countMonths({ from, to, timeZone }: Range): number {
  const [fromMs, toMs] = [startLocalMs(from, timeZone), endLocalMs(to, timeZone)];
  let months = 1;
  while (minusMonths(toMs, months, 'end') > fromMs) months += 1;
  return months;
}

function shiftLocal(timeZone: string, ms: number): Shift {
  return (at, edge) => fromLocalMs(readClock(at, edge, timeZone) - ms, timeZone);
}

function shiftMonths(timeZone: string, months: number): Shift {
  return (at, edge) => fromLocalMs(minusMonths(readClock(at, edge, timeZone), months, edge), timeZone);
}

function readClock(at: Date, edge: Edge, timeZone: string): number {
  return edge === 'start' ? startLocalMs(at, timeZone) : endLocalMs(at, timeZone);
}
