import { eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { invoices } from '#db/schema/index.ts';
import { readInvoiceId } from './invoice-id.ts';
import type { InvoiceRefusal } from './types.ts';

/** How long an invoice may be paid: a price that has changed since is not kept for ever. */
export const INVOICE_LIFETIME_MS = 24 * 3_600_000;
const STARS = 'XTR';

export interface CheckInvoiceInput {
  readonly payload: string;
  readonly userId: number;
  readonly currency: string;
  /** In the smallest unit of the currency; Stars have none smaller. */
  readonly amount: number;
  readonly at: Date;
}

/** Whether an invoice may be paid now; notes that it was asked for. Null for yes, else why not. One indexed read and at most one write. */
export async function checkInvoice(executor: Executor, input: CheckInvoiceInput): Promise<InvoiceRefusal | null> {
  const id = readInvoiceId(input.payload);
  if (id === null) return 'unknown';
  const [invoice] = await executor.select().from(invoices).where(eq(invoices.id, id));
  if (!invoice) return 'unknown';
  if (invoice.userId !== input.userId) return 'foreign';
  await executor.update(invoices).set({ checkedAt: input.at }).where(eq(invoices.id, id));
  if (invoice.paidAt !== null) return 'paid';
  if (input.currency !== STARS || input.amount !== invoice.stars) return 'amount';
  return input.at.getTime() - invoice.sentAt.getTime() > INVOICE_LIFETIME_MS ? 'expired' : null;
}
