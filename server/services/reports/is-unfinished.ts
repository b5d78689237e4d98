import type { Range } from './resolve-range.ts';

/** Whether a bucket still grows: its end is to come. The last one may be cut by the end of the range, which presets set to now. */
export function isUnfinished(nextStart: Date | undefined, { to, asOf }: Pick<Range, 'to' | 'asOf'>): boolean {
  return nextStart ? nextStart.getTime() > asOf.getTime() : to.getTime() >= asOf.getTime();
}
