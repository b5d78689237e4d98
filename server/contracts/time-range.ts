import { z } from 'zod';

export const RANGE_PRESETS = ['24h', '7d', '30d'] as const;
export const RangePreset = z.enum(RANGE_PRESETS);
export type RangePreset = z.infer<typeof RangePreset>;

/** What a page shows when its URL names no range. */
export const DEFAULT_RANGE_PRESET: RangePreset = '7d';

/** The parts into which a range is cut, the finest first; hours, days, weeks (from Monday) and months are those of the reporting time zone. */
export const BUCKETS = ['5min', 'hour', 'day', 'week', 'month'] as const;
export const Bucket = z.enum(BUCKETS);
export type Bucket = z.infer<typeof Bucket>;

/** What a range is held against: the time just before it, or the same dates a year earlier. */
export const COMPARISONS = ['previous', 'year'] as const;
export const Comparison = z.enum(COMPARISONS);
export type Comparison = z.infer<typeof Comparison>;

/** Longest custom range. */
export const RANGE_DAYS_MAX = 400;

/** Most buckets of a range. */
export const BUCKETS_MAX = 800;

/** Why a range that is well-formed is refused, as `params.reason` of the issue: pages translate it. */
export const RANGE_REFUSALS = [
  'preset_with_instants', 'instant_missing', 'mixed_kinds', 'not_after_start', 'day_after_last', 'too_long', 'year_out_of_bounds', 'too_many_buckets',
] as const;
export type RangeRefusal = (typeof RANGE_REFUSALS)[number];

/** The parameters of a range, as URLs name them. */
export const RANGE_PARAMETERS = ['range', 'from', 'to', 'bucket', 'compare'] as const;
export type RangeParameter = (typeof RANGE_PARAMETERS)[number];

const EARLIEST_AT = Date.UTC(2000, 0, 1);
const LATEST_AT = Date.UTC(2100, 0, 1);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** As much longer than its days on the clock may a range be, because clocks were turned back within it. */
const TURNED_BACK_MS_MAX = 3 * 3_600_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const YEARS_REFUSED = { error: 'must lie between the years 2000 and 2100', params: { reason: 'year_out_of_bounds' satisfies RangeRefusal } };
const InstantText = z.iso.datetime({ offset: true, error: 'must be an instant like 2026-11-01T00:00:00Z' });
const DayText = z.iso.date();

/** An instant that a visitor gives. */
export const Instant = InstantText.refine((text) => Date.parse(text) >= EARLIEST_AT && Date.parse(text) <= LATEST_AT, YEARS_REFUSED);

const EDGE_REFUSED = 'must be an instant like 2026-11-01T00:00:00Z or a day like 2026-11-01';
const Edge = z
  .string({ error: EDGE_REFUSED })
  .superRefine((text, context) => {
    if ((isDay(text) ? DayText : InstantText).safeParse(text).success) return;
    context.addIssue({ code: 'invalid_format', format: 'datetime', message: EDGE_REFUSED, continue: false });
  })
  .refine((text) => Date.parse(text) >= EARLIEST_AT && (isDay(text) ? Date.parse(text) < LATEST_AT : Date.parse(text) <= LATEST_AT), YEARS_REFUSED);

/** Whether an end of a range is a day of the reporting time zone, not an instant. */
export function isDay(edge: string): boolean {
  return DAY.test(edge);
}

/** A refusal of a range, in the shape in which zod tells issues; with the buckets that are allowed where that is the matter. */
export function rangeIssue(parameter: RangeParameter, reason: RangeRefusal, message: string, allowed?: readonly Bucket[]) {
  return { code: 'custom' as const, path: [parameter], message, params: { reason, ...(allowed && { allowed }) } };
}

function findIssue({ range, from, to }: { range?: RangePreset; from?: string; to?: string }) {
  if (range && (from || to)) return rangeIssue('range', 'preset_with_instants', 'cannot be combined with from and to');
  if (Boolean(from) !== Boolean(to)) return rangeIssue(from ? 'to' : 'from', 'instant_missing', 'is missing: a custom range needs both from and to');
  if (!from || !to) return null;
  if (isDay(from) !== isDay(to)) return rangeIssue('to', 'mixed_kinds', 'must be of the same kind as from: both instants, or both days');
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (isDay(from) && lengthMs < 0) return rangeIssue('from', 'day_after_last', 'must not be later than to');
  if (!isDay(from) && lengthMs <= 0) return rangeIssue('from', 'not_after_start', 'must be earlier than to');
  const longestMs = isDay(from) ? (RANGE_DAYS_MAX - 1) * DAY_MS : RANGE_DAYS_MAX * DAY_MS + TURNED_BACK_MS_MAX;
  return lengthMs > longestMs ? tooLong() : null;
}

/** The refusal of a range of more than 400 days. */
export function tooLong() {
  return rangeIssue('to', 'too_long', `must be at most ${RANGE_DAYS_MAX} days after from`);
}

/**
 * A preset, or `from` and `to`, both instants or both days of the reporting time zone, `to` included; nothing at all
 * means the default preset. Refused with a message that says what is allowed: an unknown preset, bucket or comparison, a
 * preset together with from or to, only one of the two, two of different kinds, an end before the start, years outside 2000
 * to 2100, more than 400 days. What takes the time zone to know is refused in the same words by `resolveRange`.
 */
export const RangeInput = z
  .object({
    range: z.enum(RANGE_PRESETS, { error: `must be one of ${RANGE_PRESETS.join(', ')}` }).optional(),
    from: Edge.optional(),
    to: Edge.optional(),
    /** Chosen to fit the range when it is not given. */
    bucket: z.enum(BUCKETS, { error: `must be one of ${BUCKETS.join(', ')}` }).optional(),
    compare: z.enum(COMPARISONS, { error: `must be ${COMPARISONS.join(' or ')}` }).optional(),
  })
  .superRefine((input, context) => {
    const issue = findIssue(input);
    if (issue) context.addIssue(issue);
  });
export type RangeInput = z.infer<typeof RangeInput>;

/** The least length of a whole bucket. */
const SHORTEST_MS: Record<Bucket, number> = { '5min': 5 * MINUTE_MS, hour: 60 * MINUTE_MS, day: 23 * 60 * MINUTE_MS, week: 7 * DAY_MS, month: 28 * DAY_MS };

/** The buckets into which a range of a length may be cut: at most 800, of which two are left for cut ones and changes of the clock. */
export function allowedBuckets(lengthMs: number): readonly Bucket[] {
  return BUCKETS.filter((bucket) => lengthMs <= (BUCKETS_MAX - 2) * SHORTEST_MS[bucket]);
}

/** Those of them that cut a range of a length into more than one piece. */
export function usefulBuckets(lengthMs: number): readonly Bucket[] {
  return allowedBuckets(lengthMs).filter((bucket) => SHORTEST_MS[bucket] < lengthMs);
}

/** The range that a report answered for, resolved against the clock. */
export const ResolvedRange = z.object({
  preset: RangePreset.nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bucket: Bucket,
  timeZone: z.string(),
});
export type ResolvedRange = z.infer<typeof ResolvedRange>;
