/** Each bin is this much wider than the one before, so its middle is within 3 % of everything in it; as `latency_bin` in the database. */
const GROWTH = 1.06;
/** The bin of durations of 0 ms. */
const ZERO_BIN = -1;
const DECIMALS = 1_000;

/** How many durations fell into a bin. */
export interface BinCount {
  readonly bin: number;
  readonly n: number;
}

/** The bin of a duration in ms. */
export function latencyBin(ms: number): number {
  // Rounded as in the database: a power of the growth must not fall into the bin above by the last digit of a logarithm.
  return ms <= 0 ? ZERO_BIN : Math.ceil(Number((Math.log(ms) / Math.log(GROWTH)).toFixed(9)));
}

/** The duration in ms that stands for a bin. */
function valueOf(bin: number): number {
  return bin === ZERO_BIN ? 0 : (2 * GROWTH ** bin) / (1 + GROWTH);
}

/**
 * A percentile of binned durations in ms, interpolated between neighbours as Postgres' `percentile_cont` does, within 3 % of
 * what the durations themselves would give; null for none. `ratio` is 0.95 for the 95th.
 */
export function percentileOf(counts: readonly BinCount[], ratio: number): number | null {
  const sorted = counts.filter(({ n }) => n > 0).toSorted((a, b) => a.bin - b.bin);
  const total = sorted.reduce((sum, { n }) => sum + n, 0);
  if (total === 0) return null;
  const rank = ratio * (total - 1);
  const [low, high] = [valueAt(sorted, Math.floor(rank)), valueAt(sorted, Math.ceil(rank))];
  return Math.round((low + (high - low) * (rank - Math.floor(rank))) * DECIMALS) / DECIMALS;
}

function valueAt(sorted: readonly BinCount[], rank: number): number {
  let seen = 0;
  for (const { bin, n } of sorted) {
    seen += n;
    if (seen > rank) return valueOf(bin);
  }
  return valueOf(sorted.at(-1)?.bin ?? ZERO_BIN);
}
