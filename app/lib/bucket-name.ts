import type { ResolvedRange } from '#server/contracts/time-range.ts';
import type { Format } from './use-format.ts';

/** A bucket as charts and tables name it: by its time, its day, the day on which its week begins, or its month. */
export function nameBucket(startsAt: string, { bucket, timeZone }: Pick<ResolvedRange, 'bucket' | 'timeZone'>, format: Format): string {
  switch (bucket) {
    case '5min':
    case 'hour':
      return format.dayTime(startsAt, timeZone);
    case 'day':
    case 'week':
      return format.day(startsAt, timeZone);
    case 'month':
      return format.month(startsAt, timeZone);
  }
}
