import { tzOffset } from '@date-fns/tz';

export type Bucket = 'hour' | 'day';

const MINUTE_MS = 60_000;
const LENGTH_MS: Record<Bucket, number> = { hour: 3_600_000, day: 86_400_000 };

/**
 * The starts of the buckets that cover [from, to): the first is `from` itself, the others are full hours or the starts of
 * the days of the time zone. So the first and the last may be cut, and the buckets' sum is the range.
 */
export function bucketStarts(from: Date, to: Date, bucket: Bucket, timeZone: string): Date[] {
  const starts = [new Date(from)];
  let next = nextBoundaryMs(from.getTime(), bucket, timeZone);
  while (next < to.getTime()) {
    starts.push(new Date(next));
    next = nextBoundaryMs(next, bucket, timeZone);
  }
  return starts;
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function localDate(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString().slice(0, 10);
}

/**
 * The first instant after `atMs` that lies in a later local hour or day. The clock's changes are why this is more than
 * arithmetic: a change at midnight moves the start of the day, and one zone once left out a whole day.
 */
function nextBoundaryMs(atMs: number, bucket: Bucket, timeZone: string): number {
  const length = LENGTH_MS[bucket];
  const indexOf = (ms: number) => Math.floor((ms + offsetMs(ms, timeZone)) / length);
  const index = indexOf(atMs);
  const guess = (index + 1) * length - offsetMs(atMs, timeZone);
  const corrected = (index + 1) * length - offsetMs(guess, timeZone);
  for (const candidate of [guess, corrected]) {
    if (candidate > atMs && indexOf(candidate) > index && indexOf(candidate - 1) <= index) return candidate;
  }
  return Math.max(guess, corrected, atMs + MINUTE_MS);
}

function offsetMs(ms: number, timeZone: string): number {
  return tzOffset(timeZone, new Date(ms)) * MINUTE_MS;
}
