import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CHECKOUT_STATUSES } from '#server/contracts/chat.ts';

/** The only currency of digital goods; its amounts are whole Stars. */
export const STARS = 'XTR';

/** An invoice as sent, and what became of pressing Pay under it. */
export const StoredInvoice = z.object({
  title: z.string(),
  description: z.string(),
  payload: z.string(),
  totalAmount: z.int(),
  startParameter: z.string(),
  checkout: z.object({ status: z.enum(CHECKOUT_STATUSES), queryId: z.string().nullable(), errorMessage: z.string().nullable() }),
});
export type StoredInvoice = z.infer<typeof StoredInvoice>;

/** What a service message tells of. */
export const StoredPayment = z.object({ kind: z.enum(['paid', 'refunded']), chargeId: z.string(), payload: z.string(), totalAmount: z.int() });
export type StoredPayment = z.infer<typeof StoredPayment>;

/** Stars that a person paid to the bot. */
export const Charge = z.object({ chargeId: z.string(), userId: z.int(), payload: z.string(), totalAmount: z.int(), isRefunded: z.boolean() });
export type Charge = z.infer<typeof Charge>;

/** How long the bot may take to say whether an invoice may be paid. */
export const CHECKOUT_MS = 10_000;

interface Checkout {
  readonly chatId: number;
  readonly messageId: number;
  readonly timer: NodeJS.Timeout;
}

/** The questions whether something may be paid that the bot has not answered, and what was paid. */
export class StarPayments {
  readonly #open = new Map<string, Checkout>();
  readonly #charges: Map<string, Charge>;

  constructor(charges: readonly Charge[]) {
    this.#charges = new Map(charges.map((charge) => [charge.chargeId, charge]));
  }

  /** The id of a new question; `onTimeout` is called if it is not taken in time. */
  ask(of: { readonly chatId: number; readonly messageId: number }, onTimeout: () => void): string {
    const queryId = String(randomBytes(8).readBigUInt64BE());
    const timer = setTimeout(() => {
      this.#open.delete(queryId);
      onTimeout();
    }, CHECKOUT_MS);
    // It must not keep a process that stops.
    timer.unref();
    this.#open.set(queryId, { ...of, timer });
    return queryId;
  }

  isOpen(queryId: string | null): boolean {
    return queryId !== null && this.#open.has(queryId);
  }

  /** The invoice that a question is about; it is answered by that. Null for one that is too old or unknown. */
  take(queryId: string): Pick<Checkout, 'chatId' | 'messageId'> | null {
    const checkout = this.#open.get(queryId) ?? null;
    clearTimeout(checkout?.timer);
    this.#open.delete(queryId);
    return checkout;
  }

  charge(paid: Pick<Charge, 'userId' | 'payload' | 'totalAmount'>): Charge {
    const charge = { ...paid, chargeId: `stx${randomBytes(24).toString('base64url')}`, isRefunded: false };
    this.#charges.set(charge.chargeId, charge);
    return charge;
  }

  find(chargeId: string): Charge | null {
    return this.#charges.get(chargeId) ?? null;
  }

  markRefunded(charge: Charge): void {
    this.#charges.set(charge.chargeId, { ...charge, isRefunded: true });
  }

  charges(): readonly Charge[] {
    return [...this.#charges.values()];
  }
}
