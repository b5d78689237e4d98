import { invariant } from '#server/errors.ts';

const LOAD_RATIO_MAX = 0.75;

/**
 * Counts how often 64-bit fingerprints were seen, in memory whose size is known beforehand: twelve bytes a slot, found by
 * linear probing. Takes at most `capacity` different fingerprints.
 */
export class OccurrenceCounter {
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  /** 0 marks a free slot. */
  readonly #counts: Uint32Array;
  readonly #mask: number;
  readonly #capacity: number;
  #size = 0;

  constructor(capacity: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(Math.max(capacity, 1) / LOAD_RATIO_MAX));
    this.#low = new Uint32Array(slotCount);
    this.#high = new Uint32Array(slotCount);
    this.#counts = new Uint32Array(slotCount);
    this.#mask = slotCount - 1;
    this.#capacity = capacity;
  }

  /** How often this fingerprint was seen before; from now on once more. */
  take(low: number, high: number): number {
    let slot = high & this.#mask;
    for (let count = this.#counts[slot] ?? 0; count > 0; count = this.#counts[slot] ?? 0) {
      if (this.#low[slot] === low && this.#high[slot] === high) {
        this.#counts[slot] = count + 1;
        return count;
      }
      slot = (slot + 1) & this.#mask;
    }
    invariant(this.#size < this.#capacity, 'more fingerprints than the counter was made for');
    this.#size += 1;
    [this.#low[slot], this.#high[slot], this.#counts[slot]] = [low, high, 1];
    return 0;
  }
}
