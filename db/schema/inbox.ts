import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** An update as Telegram sent it, stored before any work on it. `updateId` is Telegram's and makes intake idempotent. */
export const inbox = pgTable(
  'inbox',
  {
    updateId: bigint('update_id', { mode: 'number' }).primaryKey(),
    /** Updates of one chat are worked on in order; an update without a chat uses the id of its user, a question about a payment an order of its own. */
    chatId: bigint('chat_id', { mode: 'number' }).notNull(),
    payload: jsonb('payload').notNull(),
    status: text('status', { enum: ['pending', 'done', 'failed'] }).notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** A worker holds the row until then; renewed while it works, so a killed worker's row becomes free by itself. */
    leaseUntil: instant('lease_until'),
    /** Not before this instant; set when an attempt failed and another is allowed. */
    availableAt: instant('available_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    // Claim: the oldest pending updates, whatever the backlog.
    index('inbox_pending_order_idx').on(table.updateId).where(sql`status = 'pending'`),
    // Claim: is there an earlier pending update in this chat.
    index('inbox_pending_idx').on(table.chatId, table.updateId).where(sql`status = 'pending'`),
    // Clean-up of finished rows.
    index('inbox_finished_at_idx').on(table.finishedAt).where(sql`status <> 'pending'`),
    // Depth of the queue: what has failed is counted without a look at what has not.
    index('inbox_failed_idx').on(table.updateId).where(sql`status = 'failed'`),
    // What one person sent, when it is deleted.
    index('inbox_ended_chat_idx').on(table.chatId).where(sql`status <> 'pending'`),
  ],
);

export type InboxRow = typeof inbox.$inferSelect;
