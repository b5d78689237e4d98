import { TZDate } from '@date-fns/tz';
import { addDays, addHours, startOfDay, startOfHour } from 'date-fns';

export type Bucket = 'hour' | 'day';

/**
 * The starts of the buckets that cover [from, to): the first is `from` itself, the others are full hours or midnights of
 * the time zone. So the first and the last may be cut, and the buckets' sum is the range.
 */
export function bucketStarts(from: Date, to: Date, bucket: Bucket, timeZone: string): Date[] {
  const starts = [new Date(from)];
  let next = nextBoundary(from, bucket, timeZone);
  while (next.getTime() < to.getTime()) {
    starts.push(next);
    next = nextBoundary(next, bucket, timeZone);
  }
  return starts;
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function localDate(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

function nextBoundary(at: Date, bucket: Bucket, timeZone: string): Date {
  const local = new TZDate(at.getTime(), timeZone);
  const next = bucket === 'day' ? startOfDay(addDays(startOfDay(local), 1)) : addHours(startOfHour(local), 1);
  return new Date(next.getTime());
}
