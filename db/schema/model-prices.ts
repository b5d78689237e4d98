import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** Price of a model from an instant on; US dollars per token (per request for `requestUsd`). */
export const modelPrices = pgTable(
  'model_prices',
  {
    model: text('model').notNull(),
    validFrom: instant('valid_from').notNull(),
    promptUsd: usd('prompt_usd').notNull(),
    completionUsd: usd('completion_usd').notNull(),
    requestUsd: usd('request_usd').notNull().default('0'),
    /** Null where cached tokens have no price of their own: they then cost what prompt tokens cost. */
    cachedPromptUsd: usd('cached_prompt_usd'),
  },
  (table) => [primaryKey({ columns: [table.model, table.validFrom] })],
);

export type ModelPrice = typeof modelPrices.$inferSelect;
export type NewModelPrice = typeof modelPrices.$inferInsert;
