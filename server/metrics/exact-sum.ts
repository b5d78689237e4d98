import Big from 'big.js';
import type { Registry } from 'prom-client';
import { createCounter, type MetricDefinition } from './definition.ts';

/**
 * Sums of decimal strings per key, exact. Where they leave as numbers, a sum becomes the double that is nearest to it:
 * to 12 decimal places that is the sum itself for anything under 1,000 dollars (15 digits), which is what makes
 * `/metrics` agree with SQL to the last digit.
 */
export class ExactSums {
  readonly #sums = new Map<string, Big>();

  /** Adds a non-negative decimal. Throws when it is not one, for a counter never falls. */
  add(key: string, amount: string | number): void {
    const value = new Big(amount);
    if (value.lt(0)) throw new RangeError('a counter cannot decrease');
    this.#sums.set(key, (this.#sums.get(key) ?? new Big(0)).plus(value));
  }

  /** Adds a decimal of either sign: a sum that was wrong may fall. */
  correct(key: string, delta: string | number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? new Big(0)).plus(delta));
  }

  /** The exact sum with 12 decimal places. */
  get(key: string): string {
    return (this.#sums.get(key) ?? new Big(0)).toFixed(12);
  }

  /** The exact sum of all keys for which `isMeant` holds. */
  total(isMeant: (key: string) => boolean = () => true): Big {
    let total = new Big(0);
    for (const [key, sum] of this.#sums) if (isMeant(key)) total = total.plus(sum);
    return total;
  }

  entries(): IterableIterator<[key: string, sum: Big]> {
    return this.#sums.entries();
  }
}

/** Registers the counter that shows sums, each under the labels of its key. A counter only rises: after a correction downwards it waits until the sum has caught up. */
export function registerExactSums<Label extends string>(
  registry: Registry,
  definition: MetricDefinition<Label>,
  sums: ExactSums,
  labelsOf: (key: string) => Partial<Record<Label, string>>,
): void {
  const highest = new Map<string, number>();
  createCounter(registry, definition, function collect() {
    this.reset();
    for (const [key, sum] of sums.entries()) {
      const value = Math.max(highest.get(key) ?? 0, sum.toNumber());
      highest.set(key, value);
      this.inc(labelsOf(key), value);
    }
  });
}
