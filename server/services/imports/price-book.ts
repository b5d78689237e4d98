import { asc, inArray } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { modelPrices, type ModelPrice } from '#db/schema/index.ts';

const ENTRIES_MAX = 20_000;

/** The prices of the models that a log names, read once per model; forgets all when there are too many to keep. */
export class PriceBook {
  readonly #executor: Executor;
  readonly #usesEarliest: boolean;
  readonly #pricesByModel = new Map<string, ModelPrice[]>();
  /** Models and prices that are kept. */
  #entryCount = 0;

  /** `usesEarliest`: before its first known price a model costs what it cost then. */
  constructor(executor: Executor, usesEarliest: boolean) {
    this.#executor = executor;
    this.#usesEarliest = usesEarliest;
  }

  /** Makes sure that the prices of these models are at hand. */
  async load(models: ReadonlySet<string>): Promise<void> {
    if (this.#entryCount > ENTRIES_MAX) this.#forget();
    const missing = [...models].filter((model) => !this.#pricesByModel.has(model));
    if (missing.length === 0) return;
    for (const model of missing) this.#pricesByModel.set(model, []);
    const prices = await this.#executor.select().from(modelPrices).where(inArray(modelPrices.model, missing)).orderBy(asc(modelPrices.validFrom));
    for (const price of prices) this.#pricesByModel.get(price.model)?.push(price);
    this.#entryCount += missing.length + prices.length;
  }

  /** The price of a loaded model that was valid at an instant, or null when none was known then. */
  find(model: string, atMs: number): ModelPrice | null {
    const prices = this.#pricesByModel.get(model) ?? [];
    return prices.findLast(({ validFrom }) => validFrom.getTime() <= atMs) ?? (this.#usesEarliest ? prices[0] : undefined) ?? null;
  }

  #forget(): void {
    this.#pricesByModel.clear();
    this.#entryCount = 0;
  }
}
