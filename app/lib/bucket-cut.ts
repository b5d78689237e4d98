import { TZDate } from '@date-fns/tz';
import type { ResolvedRange } from '#server/contracts/time-range.ts';

/** Why a bucket is not whole: the range begins or ends within it, or its time is still running. */
export const BUCKET_CUTS = ['begun', 'ended', 'running'] as const;
export type BucketCut = (typeof BUCKET_CUTS)[number];

interface Bucket {
  readonly startsAt: string;
  readonly isUnfinished: boolean;
}

/** What cuts each of the buckets of a range; null for the whole ones. */
export function findCuts(range: ResolvedRange, buckets: readonly Bucket[]): readonly (BucketCut | null)[] {
  return buckets.map(({ isUnfinished, startsAt }, index) => {
    if (isUnfinished) return 'running';
    if (index === buckets.length - 1 && !isBoundary(range.to, range)) return 'ended';
    return index === 0 && !isBoundary(startsAt, range) ? 'begun' : null;
  });
}

/** Whether a bucket of the reporting time zone begins at an instant. */
function isBoundary(instant: string, { bucket, timeZone }: ResolvedRange): boolean {
  const before = new TZDate(Date.parse(instant) - 1, timeZone);
  const at = new TZDate(Date.parse(instant), timeZone);
  const isNewDay = before.getDate() !== at.getDate();
  const isFullMinute = at.getSeconds() === 0 && at.getMilliseconds() === 0;
  switch (bucket) {
    case '5min':
      return isFullMinute && at.getMinutes() % 5 === 0;
    case 'hour':
      return before.getHours() !== at.getHours() || (isFullMinute && at.getMinutes() === 0);
    case 'day':
      return isNewDay;
    case 'week':
      return isNewDay && at.getDay() === 1;
    case 'month':
      return before.getMonth() !== at.getMonth();
  }
}
