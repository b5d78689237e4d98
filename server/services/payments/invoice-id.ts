import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';

/** Namespace of the ids below; never changes. */
const INVOICE_NAMESPACE = '0f6d3c0a-3f0e-4a3b-9a55-6f1f6f3f2c11';

/** The id of the invoice that answers an update: the same when the update is handled anew, so that an invoice is on record once. */
export function invoiceIdOf(ask: { readonly userId: number; readonly updateId: number }): string {
  return uuidv5(`${ask.userId}/${ask.updateId}`, INVOICE_NAMESPACE);
}

/** The id in the payload of an invoice; null for a payload that is not ours. */
export function readInvoiceId(payload: string | null): string | null {
  return z.uuid().safeParse(payload).data ?? null;
}
