import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, usd } from './columns.ts';

/** Telegram Stars paid for a period of premium. The dollar value is frozen on the day. */
export const payments = pgTable(
  'payments',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    telegramPaymentChargeId: text('telegram_payment_charge_id').notNull().unique(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    plan: text('plan', { enum: ['premium'] }).notNull(),
    stars: integer('stars').notNull(),
    valueUsd: usd('value_usd').notNull(),
    paidAt: instant('paid_at').notNull(),
    /**
     * Where the paid period ends, exclusive. It begins when it was paid, or where the user's period before it ends if that is
     * later: a month paid early lies behind the running one. A refund moves those behind it up.
     */
    periodEndsAt: instant('period_ends_at').notNull(),
    refundedAt: instant('refunded_at'),
    /** The invoice that was paid; null for payments without one. */
    invoiceId: uuid('invoice_id'),
    /** The process that booked it; null for none that runs. */
    processId: integer('process_id'),
  },
  (table) => [
    // Paying users of a range: periods that overlap it.
    index('payments_period_idx').on(table.periodEndsAt, table.paidAt),
    // Revenue of a range.
    index('payments_paid_at_idx').on(table.paidAt),
    index('payments_refunded_at_idx').on(table.refundedAt).where(sql`refunded_at is not null`),
    // Payments of one user, whose periods follow each other.
    index('payments_user_id_idx').on(table.userId),
    // What one process booked, for the comparison with its counters.
    index('payments_process_id_idx').on(table.processId),
  ],
);

export type Payment = typeof payments.$inferSelect;
export type NewPayment = typeof payments.$inferInsert;
