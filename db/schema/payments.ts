import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
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
    /** The period that was paid for: [paidAt, periodEndsAt). */
    periodEndsAt: instant('period_ends_at').notNull(),
    refundedAt: instant('refunded_at'),
  },
  (table) => [
    // Paying users of a range: periods that overlap it.
    index('payments_period_idx').on(table.periodEndsAt, table.paidAt),
  ],
);

export type Payment = typeof payments.$inferSelect;
export type NewPayment = typeof payments.$inferInsert;
