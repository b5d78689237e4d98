import type { TestDatabase } from './database.ts';
import { bookPayment, type BookPaymentInput, type BookingResult } from '#server/services/payments/book-payment.ts';

/** A month at the usual price, booked by no process, unless said otherwise. */
export function book(database: TestDatabase, input: Pick<BookPaymentInput, 'userId' | 'chargeId' | 'paidAt'> & Partial<BookPaymentInput>): Promise<BookingResult> {
  return bookPayment(database.handle.db, { stars: 250, starValueUsd: '0.013', invoicePayload: null, processId: null, ...input });
}

/** When the premium of a user ends. */
export async function premiumUntil(database: TestDatabase, userId: number): Promise<Date | null> {
  const [row] = await database.handle.sql<{ premium_until: Date | null }[]>`select premium_until from users where id = ${userId}`;
  return row?.premium_until ?? null;
}

/** The payments of a user, in the order in which they were made. */
export async function paymentsOf({ handle: { sql } }: TestDatabase, userId: number) {
  const rows = await sql`
    select telegram_payment_charge_id as charge, plan, stars, value_usd, paid_at, period_ends_at, refunded_at, invoice_id, process_id
    from payments where user_id = ${userId} order by paid_at, id`;
  return rows.map((row) => ({ ...row }));
}
