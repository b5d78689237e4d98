import { PREMIUM_DAYS } from './types.ts';

const PERIOD_MS = PREMIUM_DAYS * 86_400_000;

export interface PaidPeriod {
  readonly id: number;
  readonly startsAt: Date;
  /** Exclusive. */
  readonly endsAt: Date;
}

/**
 * The periods that a user's payments buy, oldest payment first: each begins when it was paid, or where the one before it
 * ends if that is later. It depends on the payments alone, so that late reports and refunds come to the same in any order.
 */
export function layOutPeriods(payments: readonly { readonly id: number; readonly paidAt: Date }[]): PaidPeriod[] {
  let freeFromMs = Number.NEGATIVE_INFINITY;
  return payments
    .toSorted((a, b) => a.paidAt.getTime() - b.paidAt.getTime() || a.id - b.id)
    .map(({ id, paidAt }) => {
      const startsAtMs = Math.max(paidAt.getTime(), freeFromMs);
      freeFromMs = startsAtMs + PERIOD_MS;
      return { id, startsAt: new Date(startsAtMs), endsAt: new Date(freeFromMs) };
    });
}
