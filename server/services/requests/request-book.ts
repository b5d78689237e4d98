import { latencyBin } from '#server/lib/latency-bins.ts';
import type { CountedRequest, RequestCount } from './types.ts';

const SLOT_MS = 300_000;
/** A shorter request is as good as one of this length. */
const SHORTEST_MS = 1;
/** Five minutes that are told apart while Postgres takes nothing: those of a day. */
const SLOTS_MAX = 288;

interface Entry {
  readonly labels: Pick<CountedRequest, 'handler' | 'method' | 'status'>;
  requestCount: number;
  readonly bins: Map<number, number>;
}

/** Entries by handler, method and status. */
type Slot = Map<string, Entry>;

export interface RequestBook {
  /** Notes a request that ended now. */
  add(request: CountedRequest, atMs: number): void;
  /** All that was noted since the last time. */
  take(): RequestCount[];
}

/**
 * Counts requests by five minutes, labels and duration. Labels are of closed sets and bins are few, so what it keeps is
 * bounded; after more than a day without a `take` the oldest counts move into the next five minutes, but none is lost.
 */
export function createRequestBook(slotsMax = SLOTS_MAX): RequestBook {
  const slots = new Map<number, Slot>();

  const slotOf = (startMs: number): Slot => {
    const kept = slots.get(startMs);
    if (kept) return kept;
    const slot: Slot = new Map();
    slots.set(startMs, slot);
    if (slots.size > slotsMax) mergeOldest(slots);
    return slot;
  };

  return {
    add({ handler, method, status, durationMs }, atMs) {
      const entry = entryOf(slotOf(atMs - (atMs % SLOT_MS)), { handler, method, status });
      entry.requestCount += 1;
      if (durationMs !== null) addTo(entry.bins, latencyBin(Math.max(SHORTEST_MS, durationMs)), 1);
    },
    take() {
      const taken = [...slots].flatMap(([startMs, slot]) => [...slot.values()].map((entry) => toCount(startMs, entry)));
      slots.clear();
      return taken;
    },
  };
}

function entryOf(slot: Slot, { handler, method, status }: Entry['labels']): Entry {
  const key = `${handler} ${method} ${status}`;
  const kept = slot.get(key);
  if (kept) return kept;
  const entry: Entry = { labels: { handler, method, status }, requestCount: 0, bins: new Map() };
  slot.set(key, entry);
  return entry;
}

function addTo(bins: Map<number, number>, bin: number, n: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + n);
}

function mergeOldest(slots: Map<number, Slot>): void {
  const [oldest, next] = [...slots.keys()].sort((a, b) => a - b);
  const [from, into] = [slots.get(oldest ?? NaN), slots.get(next ?? NaN)];
  if (oldest === undefined || !from || !into) return;
  for (const { labels, requestCount, bins } of from.values()) {
    const entry = entryOf(into, labels);
    entry.requestCount += requestCount;
    for (const [bin, n] of bins) addTo(entry.bins, bin, n);
  }
  slots.delete(oldest);
}

function toCount(startMs: number, { labels, requestCount, bins }: Entry): RequestCount {
  return { at: new Date(startMs), ...labels, requestCount, bins: [...bins.keys()], counts: [...bins.values()] };
}
