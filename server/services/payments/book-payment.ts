import { and, count, eq, lt, sql } from 'drizzle-orm';
import type { Database, Executor } from '#db/client.ts';
import { invoices, payments, users, type Payment } from '#db/schema/index.ts';
import { invariant } from '#server/errors.ts';
import { multiplyUsd } from '#server/lib/money.ts';
import { readInvoiceId } from './invoice-id.ts';
import { layOutPeriods } from './lay-out-periods.ts';
import { recordPayment } from './record-payment.ts';
import { lockUser, settlePremium } from './settle-premium.ts';
import type { BookedPayment } from './types.ts';

export interface BookPaymentInput {
  readonly userId: number;
  /** Telegram's id of the charge. */
  readonly chargeId: string;
  readonly stars: number;
  readonly starValueUsd: string;
  readonly paidAt: Date;
  /** The payload that the invoice carried; money that came without a known invoice is booked all the same. */
  readonly invoicePayload: string | null;
  /** The process that books; null for none that runs. */
  readonly processId: number | null;
}

export interface BookingResult {
  /** Null when the charge was on record already: nothing changed. */
  readonly booked: BookedPayment | null;
  readonly isRefunded: boolean;
  readonly premiumUntil: Date | null;
}

/**
 * Books a paid month, once for each charge, and gives it to the user: at the end of what is paid for already. `isInDoubt`: an
 * earlier attempt ended without a word of the database, so a row of this process may be what that attempt wrote, and is told as
 * booked.
 */
export async function bookPayment(db: Database, input: BookPaymentInput, { isInDoubt = false } = {}): Promise<BookingResult> {
  const { userId, chargeId, stars, paidAt, processId } = input;
  const valueUsd = multiplyUsd(input.starValueUsd, stars);
  return db.transaction(async (tx) => {
    await lockUser(tx, userId);
    const [earlier] = await tx.select({ count: count() }).from(payments).where(eq(payments.userId, userId));
    const [alone] = layOutPeriods([{ id: 0, paidAt }]);
    invariant(earlier && alone, 'a count has a row, and a payment a period');
    const invoiceId = await markInvoicePaid(tx, input.invoicePayload, paidAt);
    const periodEndsAt = alone.endsAt;
    const payment = { telegramPaymentChargeId: chargeId, userId, plan: 'premium' as const, stars, valueUsd, paidAt, periodEndsAt, invoiceId, processId };
    if (!(await recordPayment(tx, payment))) return findBooked(tx, chargeId, isInDoubt ? processId : null);
    const premiumUntil = await settlePremium(tx, userId);
    return { booked: { plan: payment.plan, stars, valueUsd, isFirstOfUser: earlier.count === 0 }, isRefunded: false, premiumUntil };
  });
}

async function markInvoicePaid(executor: Executor, payload: string | null, paidAt: Date): Promise<string | null> {
  const id = readInvoiceId(payload);
  if (id === null) return null;
  const paid = sql`coalesce(${invoices.paidAt}, ${paidAt.toISOString()}::timestamptz)`;
  const [invoice] = await executor.update(invoices).set({ paidAt: paid }).where(eq(invoices.id, id)).returning({ id: invoices.id });
  return invoice?.id ?? null;
}

/** `processId`: whose row is told as booked; null for nobody's. */
async function findBooked(executor: Executor, chargeId: string, processId: number | null): Promise<BookingResult> {
  const [row] = await executor
    .select({ payment: payments, premiumUntil: users.premiumUntil })
    .from(payments)
    .leftJoin(users, eq(users.id, payments.userId))
    .where(eq(payments.telegramPaymentChargeId, chargeId));
  invariant(row, 'a charge that is not new is on record');
  const { payment, premiumUntil } = row;
  const booked = processId !== null && payment.processId === processId ? await describeBooked(executor, payment) : null;
  return { booked, isRefunded: payment.refundedAt !== null, premiumUntil };
}

async function describeBooked(executor: Executor, { id, userId, plan, stars, valueUsd }: Payment): Promise<BookedPayment> {
  const earlierCount = await executor.$count(payments, and(eq(payments.userId, userId), lt(payments.id, id)));
  return { plan, stars, valueUsd, isFirstOfUser: earlierCount === 0 };
}
