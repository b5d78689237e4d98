import type { Plan } from '#server/contracts/vocabulary.ts';

/** Days of premium that one payment buys. */
export const PREMIUM_DAYS = 30;

/** What premium costs. */
export interface PremiumPrice {
  readonly monthStars: number;
  /** What Telegram pays out for one Star: a decimal string of US dollars. */
  readonly starValueUsd: string;
}

/** A payment that was booked just now. */
export interface BookedPayment {
  readonly plan: Plan;
  readonly stars: number;
  /** Decimal string of US dollars, frozen on the day. */
  readonly valueUsd: string;
  readonly isFirstOfUser: boolean;
}

/** Why an invoice may not be paid: nobody sent it, it is somebody else's, not for this amount, too old, or paid already. */
export type InvoiceRefusal = 'unknown' | 'foreign' | 'amount' | 'expired' | 'paid';
