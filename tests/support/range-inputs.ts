import fc from 'fast-check';
import type { RangeInput } from '#server/contracts/time-range.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Offsets from now in ms: full five minutes and days, a millisecond beside them, and anything between. */
export const agoMs = fc.oneof(
  fc.tuple(fc.constantFrom(0, 5 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, -HOUR_MS), fc.constantFrom(-1, 0, 1)).map(([ms, beside]) => ms + beside),
  fc.integer({ min: 0, max: 2 * HOUR_MS }),
  fc.integer({ min: -DAY_MS, max: 4 * DAY_MS }),
  fc.integer({ min: 0, max: 45 * DAY_MS }),
);

/** Presets and spans to the millisecond, some of them to come, with and without a bucket and a comparison. */
export function rangeInput(now: Date): fc.Arbitrary<RangeInput> {
  const span = fc
    .tuple(fc.integer({ min: -DAY_MS, max: 44 * DAY_MS }), fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.integer({ min: 1, max: 40 * DAY_MS })))
    .map(([endAgoMs, lengthMs]) => ({ to: new Date(now.getTime() - endAgoMs).toISOString(), from: new Date(now.getTime() - endAgoMs - lengthMs).toISOString() }));
  const range = fc.oneof(
    fc.constantFrom<RangeInput>({ range: '24h' }, { range: '7d' }, { range: '30d' }),
    fc.tuple(span, fc.constantFrom<RangeInput>({}, { bucket: 'day' }, { bucket: 'week' }, { bucket: 'month' })).map(([ends, bucket]) => ({ ...ends, ...bucket })),
  );
  return fc.tuple(range, fc.constantFrom<RangeInput>({}, { compare: 'previous' })).map(([ends, compare]) => ({ ...ends, ...compare }));
}
