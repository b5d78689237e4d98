import { z } from 'zod';
import {
  allowedBuckets, DEFAULT_RANGE_PRESET, isDay, RANGE_DAYS_MAX, rangeIssue, tooLong, type RangeInput, type RangePreset,
} from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';
import { startOfDay, toLocalMs } from '#server/lib/local-clock.ts';
import { bucketStarts, type Bucket } from '#server/lib/time-buckets.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PRESET_MS: Record<RangePreset, number> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };

/** Up to which length a range is cut into which bucket when none is asked for: some 60 to 90 bars at most. */
const CHOICES: readonly { readonly lengthMs: number; readonly bucket: Bucket }[] = [
  { lengthMs: 3 * HOUR_MS, bucket: '5min' },
  { lengthMs: 48 * HOUR_MS, bucket: 'hour' },
  { lengthMs: 92 * DAY_MS, bucket: 'day' },
];

export interface Range {
  readonly preset: RangePreset | null;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly bucket: Bucket;
  readonly timeZone: string;
  /** Where the buckets begin, the first with the range. */
  readonly starts: readonly Date[];
  /** When the range was resolved: nothing is known of what lies after it. */
  readonly asOf: Date;
}

export interface RangeSetting {
  readonly now: Date;
  /** The reporting time zone. */
  readonly timeZone: string;
}

/**
 * Turns a validated input into instants: presets are rolling windows that end now, days are those of the time zone. Without
 * a bucket in the input, up to 3 hours are cut into five minutes, up to 48 hours into hours, up to 92 days into days and
 * more into weeks: a year of days is too fine to be read. Throws `AppError` `bad_input`, caused by issues as zod tells
 * them, for more than 400 local days, for more buckets than 800, and for a day that the clocks left out.
 */
export function resolveRange(input: RangeInput, { now, timeZone }: RangeSetting): Range {
  const { preset, from, to } = findEdges(input, now, timeZone);
  if (from >= to) throw refuse(rangeIssue('from', 'not_after_start', 'must be earlier than to: there was no such day in the reporting time zone'));
  const elapsedMs = to.getTime() - from.getTime();
  // Clocks that were turned within it neither forbid a range nor choose another bucket.
  const lengthMs = Math.min(elapsedMs, toLocalMs(to, timeZone) - toLocalMs(from, timeZone));
  if (lengthMs > RANGE_DAYS_MAX * DAY_MS) throw refuse(tooLong());
  const bucket = input.bucket ?? CHOICES.find((choice) => lengthMs <= choice.lengthMs)?.bucket ?? 'week';
  const allowed = allowedBuckets(elapsedMs);
  const words = `must be one of ${allowed.join(', ')} for a range of this length`;
  if (!allowed.includes(bucket)) throw refuse(rangeIssue('bucket', 'too_many_buckets', words, allowed));
  return { preset, from, to, bucket, timeZone, starts: bucketStarts(from, to, bucket, timeZone), asOf: now };
}

function findEdges({ range, from, to }: RangeInput, now: Date, timeZone: string): Pick<Range, 'preset' | 'from' | 'to'> {
  if (from === undefined || to === undefined) {
    const preset = range ?? DEFAULT_RANGE_PRESET;
    return { preset, from: new Date(now.getTime() - PRESET_MS[preset]), to: now };
  }
  return isDay(from)
    ? { preset: null, from: startOfDay(from, timeZone), to: startOfDay(to, timeZone, 1) }
    : { preset: null, from: new Date(from), to: new Date(to) };
}

function refuse(issue: ReturnType<typeof rangeIssue>): AppError {
  return new AppError('bad_input', `${issue.path.join('.')} ${issue.message}`, new z.ZodRealError([{ ...issue, input: undefined }]));
}
