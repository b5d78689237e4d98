import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** An invoice sent to a user: who saw a price is on record also when nothing was paid. Its id is the payload that Telegram hands back. */
export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    plan: text('plan', { enum: ['premium'] }).notNull(),
    stars: integer('stars').notNull(),
    sentAt: instant('sent_at').notNull(),
    /** When Telegram asked whether it may be paid. */
    checkedAt: instant('checked_at'),
    paidAt: instant('paid_at'),
  },
  (table) => [
    // Invoices of a range, for the funnel.
    index('invoices_sent_at_idx').on(table.sentAt),
  ],
);

export type Invoice = typeof invoices.$inferSelect;
