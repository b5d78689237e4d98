import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { RangeInput, ResolvedRange } from './time-range.ts';
import { Operation } from './vocabulary.ts';

/** Prices of one model's history, the newest first. */
export const PRICE_HISTORY_LENGTH_MAX = 200;

/** A model as OpenRouter names it. */
export const ModelName = z.string().regex(/^~?[\w.-]{1,64}\/[\w.:-]{1,128}$/, { error: 'must look like vendor/model' });

/** US dollars per token, and per request; valid from an instant until the next price. */
export const Price = z.object({
  validFrom: z.iso.datetime(),
  promptUsd: Usd,
  completionUsd: Usd,
  requestUsd: Usd,
  /** Null: cached tokens cost what prompt tokens cost. */
  cachedPromptUsd: Usd.nullable(),
});
export type Price = z.infer<typeof Price>;

/** The range says which models count as used. */
export const ListPricesInput = RangeInput;
export type ListPricesInput = z.infer<typeof ListPricesInput>;

/** The models that are configured or were asked for or served in the range, with the price valid now. */
export const PriceList = z.object({
  range: ResolvedRange,
  generatedAt: z.iso.datetime(),
  models: z.array(
    z.object({
      model: z.string(),
      /** The operations that ask for it. */
      operations: z.array(Operation),
      /** Attempts of the range that asked for it or were served by it. */
      attemptCount: Count,
      /** Null: none on record. */
      price: Price.nullable(),
    }),
  ),
});
export type PriceList = z.infer<typeof PriceList>;

export const PriceHistoryInput = z.object({ model: ModelName });
export type PriceHistoryInput = z.infer<typeof PriceHistoryInput>;

export const PriceHistory = z.object({ model: z.string(), timeZone: z.string(), prices: z.array(Price), totalCount: Count });
export type PriceHistory = z.infer<typeof PriceHistory>;
