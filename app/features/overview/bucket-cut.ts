import { TZDate } from '@date-fns/tz';
import type { Overview } from '#server/contracts/overview.ts';

/** Why a bucket is no whole hour or day: the range begins or ends within it, or its time is still running. */
export const BUCKET_CUTS = ['begun', 'ended', 'running'] as const;
export type BucketCut = (typeof BUCKET_CUTS)[number];

type Part = Pick<Overview, 'range' | 'costOverTime'>;

/** What cuts each bucket of a range; null for the whole ones. */
export function findCuts({ range, costOverTime }: Part): readonly (BucketCut | null)[] {
  return costOverTime.map(({ isUnfinished, startsAt }, index) => {
    if (isUnfinished) return 'running';
    if (index === costOverTime.length - 1 && !isBoundary(range.to, range)) return 'ended';
    return index === 0 && !isBoundary(startsAt, range) ? 'begun' : null;
  });
}

/** Whether an hour or a day of the reporting time zone begins at an instant. */
function isBoundary(instant: string, { bucket, timeZone }: Overview['range']): boolean {
  const before = new TZDate(Date.parse(instant) - 1, timeZone);
  const at = new TZDate(Date.parse(instant), timeZone);
  return bucket === 'hour' ? before.getHours() !== at.getHours() : before.getDate() !== at.getDate();
}
