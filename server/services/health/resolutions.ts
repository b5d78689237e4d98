import { HEALTH_BARS_MAX, type HealthResolution } from '#server/contracts/health-history.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const RESOLUTION_MS: Record<HealthResolution, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
const KEPT_MS: Record<'minute' | 'hour', number> = { minute: DAY_MS, hour: 90 * DAY_MS };

/** Lengths of bars in buckets of the resolution, such that bars begin on round times. */
const BAR_BUCKETS: Record<HealthResolution, readonly number[]> = {
  minute: [1, 2, 5, 10, 15, 30],
  hour: [1, 2, 3, 4, 6, 8, 12, 24],
  day: [1, 2, 5, 10],
};

export function floorTo(atMs: number, lengthMs: number): number {
  return atMs - (atMs % lengthMs);
}

/** From when on a resolution is kept: what a range of that length that ends now begins in is there in full. */
export function finestFrom(resolution: 'minute' | 'hour', now: Date): Date {
  return new Date(floorTo(now.getTime() - KEPT_MS[resolution], RESOLUTION_MS[resolution]));
}

/** The finest resolution that is kept from an instant on. */
export function resolutionFor(from: Date, now: Date): HealthResolution {
  if (from >= finestFrom('minute', now)) return 'minute';
  return from >= finestFrom('hour', now) ? 'hour' : 'day';
}

/** The shortest bar that draws so much time, not cut where a bar would be, in few enough of them. */
export function barLengthFor(resolution: HealthResolution, coveredMs: number): number {
  const lengths = BAR_BUCKETS[resolution].map((buckets) => buckets * RESOLUTION_MS[resolution]);
  return lengths.find((lengthMs) => Math.ceil(coveredMs / lengthMs) < HEALTH_BARS_MAX) ?? Math.max(...lengths);
}
