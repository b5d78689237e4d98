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
    outcome: text('outcome', { enum: ['ok', 'failed'] }).notNull(),
    errorType: text('error_type'),
    /** From taking the update out of the inbox to its end. */
    durationMs: integer('duration_ms').notNull(),
    /** From Telegram's date of the update to its end: what the user waited. */
    updateAgeMs: integer('update_age_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    // Active users of a window: count(distinct user_id) where at > …, index-only.
    index('interactions_at_user_idx').on(table.at, table.userId),
  ],
);

export type Interaction = typeof interactions.$inferSelect;
export type NewInteraction = typeof interactions.$inferInsert;
