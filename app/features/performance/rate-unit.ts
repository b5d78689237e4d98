/** In what rates are told, and how many minutes it has. */
const MINUTES = { minute: 1, hour: 60, day: 1_440 } as const;
export type RateUnit = keyof typeof MINUTES;

/** The unit in which the highest of these rates, which are per minute, is at least one: of a seldom used bot nobody reads thousandths. */
export function rateUnitOf(rates: readonly (number | null)[]): RateUnit {
  const highest = Math.max(0, ...rates.map((rate) => rate ?? 0));
  if (highest >= 1 / MINUTES.minute) return 'minute';
  return highest >= 1 / MINUTES.hour ? 'hour' : 'day';
}

/** A rate per minute in another unit. */
export function scaleRate(rate: number, unit: RateUnit): number {
  return rate * MINUTES[unit];
}
