import { DEFAULT_RANGE_PRESET, type RangeInput, type RangePreset } from '#server/contracts/time-range.ts';
import type { Bucket } from '#server/lib/time-buckets.ts';

const HOUR_MS = 3_600_000;
const PRESET_MS: Record<RangePreset, number> = { '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS, '30d': 30 * 24 * HOUR_MS };
/** Up to here a range is drawn in hours. */
const HOURLY_MS_MAX = 48 * HOUR_MS;

export interface Range {
  readonly preset: RangePreset | null;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly bucket: Bucket;
}

/** Turns a validated input into instants: presets are rolling windows that end now. */
export function resolveRange(input: RangeInput, now: Date): Range {
  const preset = input.from && input.to ? null : (input.range ?? DEFAULT_RANGE_PRESET);
  const to = input.to ? new Date(input.to) : now;
  const from = preset ? new Date(now.getTime() - PRESET_MS[preset]) : new Date(input.from ?? now);
  return { preset, from, to, bucket: to.getTime() - from.getTime() <= HOURLY_MS_MAX ? 'hour' : 'day' };
}
