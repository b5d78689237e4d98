import type { ResolvedRange } from '#server/contracts/time-range.ts';
import type { Range } from './resolve-range.ts';

/** A resolved range as reports tell it. */
export function describeRange(range: Range, timeZone: string): ResolvedRange {
  return { preset: range.preset, from: range.from.toISOString(), to: range.to.toISOString(), bucket: range.bucket, timeZone };
}
