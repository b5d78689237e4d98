import type { PremiumPrice } from '#server/services/payments/types.ts';
import type { Config } from '../config.ts';

/** What premium costs, as configured. */
export function premiumPriceOf({ values }: Config): PremiumPrice {
  return { monthStars: values.PREMIUM_MONTH_STARS, starValueUsd: values.STAR_VALUE_USD };
}
