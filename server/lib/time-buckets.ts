import { offsetMs, offsetSpans, type OffsetSpan } from './zone-offsets.ts';

export type Bucket = '5min' | 'hour' | 'day' | 'week' | 'month';

const DAY_MS = 86_400_000;
const CLOCK_MS = { '5min': 5 * 60_000, hour: 3_600_000 };
/** 1 January 1970 was a Thursday: three days after a Monday. */
const EPOCH_WEEKDAY = 3;

/**
 * The starts of the buckets that cover [from, to): the first is `from` itself, the others are full five minutes or hours of
 * the local clock, or the starts of days, of weeks (Mondays) or of months of the time zone. So the first and the last may be
 * cut, and the buckets' sum is the range. An hour that the clock shows twice is two buckets.
 */
export function bucketStarts(from: Date, to: Date, bucket: Bucket, timeZone: string): Date[] {
  const spans = offsetSpans(timeZone, from.getTime(), to.getTime());
  const startsMs = bucket === '5min' || bucket === 'hour' ? clockStarts(spans, CLOCK_MS[bucket]) : calendarStarts(spans, bucket);
  return [new Date(from), ...startsMs.map((ms) => new Date(ms))];
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function localDate(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString().slice(0, 10);
}

/** Wherever the clock shows a full length, and where a change of the clock leads into another one. */
function clockStarts(spans: readonly OffsetSpan[], lengthMs: number): number[] {
  const starts: number[] = [];
  spans.forEach((span, index) => {
    const before = spans[index - 1];
    const localMs = span.fromMs + span.offsetMs;
    const indexBefore = before && Math.floor((span.fromMs - 1 + before.offsetMs) / lengthMs);
    const isStart = indexBefore !== undefined && (localMs % lengthMs === 0 || Math.floor(localMs / lengthMs) !== indexBefore);
    if (isStart) starts.push(span.fromMs);
    const first = (Math.floor(localMs / lengthMs) + 1) * lengthMs - span.offsetMs;
    for (let atMs = first; atMs < span.untilMs; atMs += lengthMs) starts.push(atMs);
  });
  return starts;
}

/**
 * Where the calendar goes on to a later day, week or month. The clock's changes are why this is more than arithmetic: a change
 * at midnight moves the start of the day or lets it begin twice, and one zone once left out a whole day.
 */
function calendarStarts(spans: readonly OffsetSpan[], bucket: 'day' | 'week' | 'month'): number[] {
  const starts: number[] = [];
  const [first] = spans;
  if (!first) return starts;
  let nextLocalMs = nextInCalendar(first.fromMs + first.offsetMs, bucket);
  for (const span of spans) {
    let atMs = Math.max(span.fromMs, nextLocalMs - span.offsetMs);
    while (atMs < span.untilMs) {
      starts.push(atMs);
      nextLocalMs = nextInCalendar(atMs + span.offsetMs, bucket);
      atMs = nextLocalMs - span.offsetMs;
    }
  }
  return starts;
}

/** The local midnight that begins the next day, week or month. */
function nextInCalendar(localMs: number, bucket: 'day' | 'week' | 'month'): number {
  const day = Math.floor(localMs / DAY_MS);
  if (bucket === 'day') return (day + 1) * DAY_MS;
  if (bucket === 'week') return (day + 7 - ((((day + EPOCH_WEEKDAY) % 7) + 7) % 7)) * DAY_MS;
  const date = new Date(localMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
