import type { BucketCounts } from '#db/queries/rollups/throughput.ts';
import type { Throughput } from '#server/contracts/performance.ts';
import { isUnfinished } from './is-unfinished.ts';
import type { Range } from './resolve-range.ts';

const SLOT_MS = 300_000;
const MINUTE_MS = 60_000;
const DECIMALS = 1_000_000;

export interface Counts {
  readonly attempts: BucketCounts;
  readonly updates: BucketCounts;
  readonly requests: BucketCounts;
}

/** Since when there are records; null: there are none. */
export interface RecordedFrom {
  readonly work: Date | null;
  readonly requests: Date | null;
}

/** A stretch of time in ms since 1970. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How much was done over a whole range. */
export function totalThroughput(counts: Counts, range: Range, recorded: RecordedFrom): Throughput {
  const sum = (byBucket: BucketCounts) => [...byBucket.values()].reduce((total, n) => total + n, 0);
  const span = { fromMs: range.from.getTime(), toMs: range.to.getTime() };
  return throughputOf({ attempts: sum(counts.attempts), updates: sum(counts.updates), requests: sum(counts.requests) }, { span, slots: slotsOf(span), recorded, range });
}

/** How much was done in each bucket of a range. */
export function throughputOverTime(counts: Counts, range: Range, recorded: RecordedFrom) {
  const lastIndex = range.starts.length - 1;
  return range.starts.map((start, index) => {
    const span = { fromMs: start.getTime(), toMs: (range.starts[index + 1] ?? range.to).getTime() };
    // Only the ends of a range can lie within five minutes.
    const slots = { fromMs: index === 0 ? slotsOf(span).fromMs : span.fromMs, toMs: index === lastIndex ? slotsOf(span).toMs : span.toMs };
    const numbers = { attempts: counts.attempts.get(index) ?? 0, updates: counts.updates.get(index) ?? 0, requests: counts.requests.get(index) ?? 0 };
    return { startsAt: start.toISOString(), ...throughputOf(numbers, { span, slots, recorded, range }), isUnfinished: isUnfinished(range.starts[index + 1], range) };
  });
}

interface Times {
  readonly span: Span;
  /** The same in whole five minutes, by which requests are on record. */
  readonly slots: Span;
  readonly recorded: RecordedFrom;
  readonly range: Range;
}

function throughputOf(counts: { readonly [Key in keyof Counts]: number }, { span, slots, recorded, range: { asOf } }: Times): Throughput {
  return {
    generationCount: counts.attempts,
    generationsPerMinute: perMinute(counts.attempts, span, recorded.work, asOf),
    updateCount: counts.updates,
    updatesPerMinute: perMinute(counts.updates, span, recorded.work, asOf),
    requestCount: counts.requests,
    requestsPerMinute: perMinute(counts.requests, slots, recorded.requests, asOf),
  };
}

function slotsOf({ fromMs, toMs }: Span): Span {
  return { fromMs: Math.floor(fromMs / SLOT_MS) * SLOT_MS, toMs: Math.ceil(toMs / SLOT_MS) * SLOT_MS };
}

/** Per minute of the time on record that has passed; null where there is none: nothing is known of it. */
function perMinute(count: number, { fromMs, toMs }: Span, recordedFrom: Date | null, asOf: Date): number | null {
  if (recordedFrom === null) return null;
  // Records begin with five minutes, whenever in them the first one was.
  const sinceMs = Math.max(fromMs, Math.floor(recordedFrom.getTime() / SLOT_MS) * SLOT_MS);
  const passedMs = Math.min(toMs, asOf.getTime()) - sinceMs;
  return passedMs <= 0 ? null : Math.round((count / passedMs) * MINUTE_MS * DECIMALS) / DECIMALS;
}
