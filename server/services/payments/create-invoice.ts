import type { Executor } from '#db/client.ts';
import { invoices } from '#db/schema/index.ts';

export interface CreateInvoiceInput {
  /** See `invoiceIdOf`; one that is on record stays as it is. */
  readonly id: string;
  readonly userId: number;
  readonly stars: number;
  readonly sentAt: Date;
}

/** Puts an invoice for a month of premium on record, before it is sent: who pays at once finds it there. */
export async function createInvoice(executor: Executor, input: CreateInvoiceInput): Promise<void> {
  await executor.insert(invoices).values({ ...input, plan: 'premium' }).onConflictDoNothing();
}
