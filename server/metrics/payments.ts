import type { Registry } from 'prom-client';
import { PLANS } from '#server/contracts/vocabulary.ts';
import { createCounter } from './definition.ts';
import { ExactSums, registerExactSums } from './exact-sum.ts';

/** Plans that can be bought. */
export const PAID_PLANS = PLANS.filter((plan) => plan !== 'free');

export const PAYMENT_METRICS = {
  conversions: {
    name: 'subscription_conversions_total',
    type: 'counter',
    help: 'Users who paid for the first time.',
    unit: 'count',
    labels: { plan: PAID_PLANS },
  },
  revenueStars: {
    name: 'revenue_stars_total',
    type: 'counter',
    help: 'Telegram Stars paid; refunds are not taken off, for a counter never falls.',
    unit: 'count',
    labels: {},
  },
  revenueDollars: {
    name: 'revenue_dollars_total',
    type: 'counter',
    help: 'US dollars that the Stars paid were worth on the day; refunds are not taken off.',
    unit: 'dollars',
    labels: {},
  },
} as const;

/** A payment that was booked just now. */
export interface BookedPayment {
  readonly plan: string;
  readonly stars: number;
  /** Decimal string of US dollars. */
  readonly valueUsd: string;
  readonly isFirstOfUser: boolean;
}

export interface PaymentMetrics {
  recordPayment(payment: BookedPayment): void;
  /** How many payments were recorded. */
  paymentCount(): number;
}

export function createPaymentMetrics(registry: Registry): PaymentMetrics {
  const conversions = createCounter(registry, PAYMENT_METRICS.conversions);
  const revenueStars = createCounter(registry, PAYMENT_METRICS.revenueStars);
  const revenue = new ExactSums();
  revenue.add('', '0');
  registerExactSums(registry, PAYMENT_METRICS.revenueDollars, revenue, () => ({}));
  for (const plan of PAID_PLANS) conversions.inc({ plan }, 0);
  let count = 0;
  return {
    recordPayment({ plan, stars, valueUsd, isFirstOfUser }) {
      count += 1;
      if (isFirstOfUser) conversions.inc({ plan });
      revenueStars.inc(stars);
      revenue.add('', valueUsd);
    },
    paymentCount: () => count,
  };
}
