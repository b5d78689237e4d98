import {
  allowedBuckets, BUCKETS, COMPARISONS, RANGE_DAYS_MAX, usefulBuckets, type Bucket, type Comparison, type RangePreset, type ResolvedRange,
} from '#server/contracts/time-range.ts';
import { changeQuery } from './change-query.ts';

const DAY_MS = 86_400_000;
const PRESET_DAYS: Record<RangePreset, number> = { '24h': 1, '7d': 7, '30d': 30 };

/** A place in a list belongs to the range in which it was, and so does what was done there. */
const LEFT_BEHIND = { cursor: null, done: null };

/** The query of the same page with another preset. Its step stays if the new range may be cut so finely. */
export function presetQuery(search: string, preset: RangePreset): string {
  return changeQuery(withoutRefused(search, PRESET_DAYS[preset]), { ...LEFT_BEHIND, from: null, to: null, range: preset });
}

/** What a form that asks for other days of the same page has to carry on. */
export function keptParameters(search: string): readonly (readonly [name: string, value: string])[] {
  const kept = changeQuery(withoutRefused(search, RANGE_DAYS_MAX), { ...LEFT_BEHIND, range: null, from: null, to: null });
  return [...new URLSearchParams(kept)];
}

/** The query of the same range in other steps; null: the ones that fit it. */
export function bucketQuery(search: string, bucket: Bucket | null): string {
  return changeQuery(search, { ...LEFT_BEHIND, bucket });
}

/** The query of the same range compared with something else; null: with nothing. */
export function comparisonQuery(search: string, compare: Comparison | null): string {
  return changeQuery(search, { ...LEFT_BEHIND, compare });
}

/** The steps that a range offers: those that cut it and may, and the present one. */
export function offeredBuckets({ from, to, bucket }: Pick<ResolvedRange, 'from' | 'to' | 'bucket'>): readonly Bucket[] {
  const useful = usefulBuckets(Date.parse(to) - Date.parse(from));
  return BUCKETS.filter((one) => one === bucket || useful.includes(one));
}

/** The query without a step that may be refused for a range of so many days, without a comparison that there is not, and without either given twice. */
function withoutRefused(search: string, days: number): string {
  const query = new URLSearchParams(search);
  const onlyOf = (name: string) => (query.getAll(name).length === 1 ? query.get(name) : null);
  const isAllowed = allowedBuckets(days * DAY_MS).some((bucket) => bucket === onlyOf('bucket'));
  const isKnown = COMPARISONS.some((comparison) => comparison === onlyOf('compare'));
  return changeQuery(search, { ...(isAllowed ? {} : { bucket: null }), ...(isKnown ? {} : { compare: null }) });
}
