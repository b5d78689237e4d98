import Big from 'big.js';

/**
 * Sums of decimal strings per key, exact. Where they leave as numbers, a sum becomes the double that is nearest to it:
 * to 12 decimal places that is the sum itself for anything under 1,000 dollars (15 digits), which is what makes
 * `/metrics` agree with SQL to the last digit.
 */
export class ExactSums {
  readonly #sums = new Map<string, Big>();

  /** Adds a non-negative decimal string. Throws when it is not one, for a counter never falls. */
  add(key: string, amount: string): void {
    const value = new Big(amount);
    if (value.lt(0)) throw new RangeError('a counter cannot decrease');
    this.#sums.set(key, (this.#sums.get(key) ?? new Big(0)).plus(value));
  }

  /** Adds a decimal string of either sign: a sum that was wrong may fall. */
  correct(key: string, delta: string): void {
    this.#sums.set(key, (this.#sums.get(key) ?? new Big(0)).plus(delta));
  }

  /** The exact sum with 12 decimal places. */
  get(key: string): string {
    return (this.#sums.get(key) ?? new Big(0)).toFixed(12);
  }

  entries(): IterableIterator<[key: string, sum: Big]> {
    return this.#sums.entries();
  }
}
