import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** One handled update. Partitioned by month on `at` (the partitioning clause stands in the migration). */
export const interactions = pgTable(
  'interactions',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    /** When the update was handled to its end. */
    at: instant('at').notNull(),
    updateId: bigint('update_id', { mode: 'number' }),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    handler: text('handler').notNull(),
    operation: text('operation'),
    /** `limited`: a budget refused the reading and the user was told so; no failure. */
    outcome: text('outcome', { enum: ['ok', 'failed', 'limited'] }).notNull(),
    errorType: text('error_type'),
    /** Where the text of a reading came from: a model, or our own store, which costs nothing. Null where nothing was read. */
    readingSource: text('reading_source', { enum: ['model', 'store'] }),
    /** From taking the update out of the inbox to its end. */
    durationMs: integer('duration_ms').notNull(),
    /** From Telegram's date of the update to its end: what the user waited. */
    updateAgeMs: integer('update_age_ms').notNull(),
    /** The process that handled it; null for what was not handled by a running one. */
    processId: integer('process_id'),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    // The last examples of an error.
    index('interactions_failed_idx').on(table.handler, table.errorType, table.at).where(sql`outcome = 'failed'`),
  ],
);

export type Interaction = typeof interactions.$inferSelect;
export type NewInteraction = typeof interactions.$inferInsert;
