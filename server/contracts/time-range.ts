import { z } from 'zod';

export const RANGE_PRESETS = ['24h', '7d', '30d'] as const;
export const RangePreset = z.enum(RANGE_PRESETS);
export type RangePreset = z.infer<typeof RangePreset>;

/** What a page shows when its URL names no range. */
export const DEFAULT_RANGE_PRESET: RangePreset = '7d';

/** Longest custom range. */
export const RANGE_DAYS_MAX = 400;

/** Why a range that is well-formed is refused, as `params.reason` of the issue: pages translate it. */
export const RANGE_REFUSALS = ['preset_with_instants', 'instant_missing', 'not_after_start', 'too_long', 'year_out_of_bounds'] as const;
export type RangeRefusal = (typeof RANGE_REFUSALS)[number];

const EARLIEST_AT = Date.UTC(2000, 0, 1);
const LATEST_AT = Date.UTC(2100, 0, 1);
const DAY_MS = 86_400_000;

/** An instant that a visitor gives. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'must be an instant like 2026-11-01T00:00:00Z' })
  .refine((text) => Date.parse(text) >= EARLIEST_AT && Date.parse(text) <= LATEST_AT, {
    error: 'must lie between the years 2000 and 2100',
    params: { reason: 'year_out_of_bounds' satisfies RangeRefusal },
  });

/**
 * A preset, or `from` and `to`; nothing at all means the default preset. Refused with a message that says what is
 * allowed: an unknown preset, a preset together with instants, only one of the instants, an end that is not after the
 * start, years outside 2000 to 2100, more than 400 days.
 */
export const RangeInput = z
  .object({
    range: z.enum(RANGE_PRESETS, { error: `must be one of ${RANGE_PRESETS.join(', ')}` }).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
  })
  .superRefine(({ range, from, to }, context) => {
    const refuse = (path: 'range' | 'from' | 'to', reason: RangeRefusal, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { reason } });
    if (range && (from || to)) return refuse('range', 'preset_with_instants', 'cannot be combined with from and to');
    if (Boolean(from) !== Boolean(to)) return refuse(from ? 'to' : 'from', 'instant_missing', 'is missing: a custom range needs both from and to');
    if (!from || !to) return undefined;
    if (Date.parse(from) >= Date.parse(to)) return refuse('from', 'not_after_start', 'must be earlier than to');
    if (Date.parse(to) - Date.parse(from) > RANGE_DAYS_MAX * DAY_MS) {
      return refuse('to', 'too_long', `must be at most ${RANGE_DAYS_MAX} days after from`);
    }
    return undefined;
  });
export type RangeInput = z.infer<typeof RangeInput>;

export const BUCKETS = ['hour', 'day'] as const;

/** The range that a report answered for, resolved against the clock. */
export const ResolvedRange = z.object({
  preset: RangePreset.nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bucket: z.enum(BUCKETS),
  timeZone: z.string(),
});
export type ResolvedRange = z.infer<typeof ResolvedRange>;
