import type { LatencyRow } from '#db/queries/rollups/sums.ts';
import type { Latency } from '#server/contracts/performance.ts';
import { percentileOf, type BinCount } from '#server/lib/latency-bins.ts';

/** What durations share: their keys; null in both: all that are not listed. */
export interface LatencyEntry extends Latency {
  readonly keyA: string | null;
  readonly keyB: string | null;
}

/** How many durations there were and how long they took; `bins` may name a bin more than once. */
export function latencyOf(bins: readonly BinCount[]): Latency {
  return {
    count: bins.reduce((sum, { n }) => sum + n, 0),
    p50Ms: percentileOf(bins, 0.5),
    p95Ms: percentileOf(bins, 0.95),
    p99Ms: percentileOf(bins, 0.99),
  };
}

/** The most used keys of a family, and all others as a last entry where there are any: the counts add up to the family's. */
export function listLatencies(rows: readonly LatencyRow[], max: number): LatencyEntry[] {
  const byKey = [...Map.groupBy(rows, ({ keyA, keyB }) => JSON.stringify([keyA, keyB])).values()];
  const entries = byKey
    .map((bins) => ({ keyA: bins[0]?.keyA ?? '', keyB: bins[0]?.keyB ?? '', bins, ...latencyOf(bins) }))
    // Among equals by name, so that the order is stable.
    .toSorted((a, b) => b.count - a.count || compareTexts(a.keyA, b.keyA) || compareTexts(a.keyB, b.keyB));
  const named = entries.slice(0, max).map(({ bins: _, ...entry }) => entry);
  const others = entries.slice(max).flatMap(({ bins }) => bins);
  return others.length === 0 ? named : [...named, { keyA: null, keyB: null, ...latencyOf(others) }];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
