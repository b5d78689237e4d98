import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { aiUsage } from './ai-usage.ts';
import { instant, usd } from './columns.ts';

/**
 * Every change of the cost of a settled row, append-only: the first old cost is what was booked at settlement. The migration
 * holds the triggers that refuse a change of a cost without its correction, and any change of a correction.
 */
export const aiCostCorrections = pgTable(
  'ai_cost_corrections',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => aiUsage.requestId),
    oldCostUsd: usd('old_cost_usd').notNull(),
    newCostUsd: usd('new_cost_usd').notNull(),
    oldSource: text('old_source', { enum: ['billed', 'lookup', 'estimated'] }).notNull(),
    newSource: text('new_source', { enum: ['billed', 'lookup', 'estimated'] }).notNull(),
    at: instant('at').notNull(),
    /** The process that learned of it; null for none that runs. */
    processId: integer('process_id'),
  },
  (table) => [
    // The story of one row.
    index('ai_cost_corrections_request_id_idx').on(table.requestId, table.id),
    // Changes of a while, for the comparison with the counters.
    index('ai_cost_corrections_at_idx').on(table.at),
    check('ai_cost_corrections_not_negative', sql`old_cost_usd >= 0 and new_cost_usd >= 0`),
  ],
);

export type AiCostCorrection = typeof aiCostCorrections.$inferSelect;
