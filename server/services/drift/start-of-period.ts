import type { DriftPeriod } from '#server/contracts/drift.ts';

/** The first instant of the UTC day, week (from Monday) or month that an instant lies in. */
export function startOfPeriod(at: Date, period: DriftPeriod): Date {
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (period) {
    case 'day':
      return new Date(Date.UTC(year, month, date));
    case 'week':
      return new Date(Date.UTC(year, month, date - ((at.getUTCDay() + 6) % 7)));
    case 'month':
      return new Date(Date.UTC(year, month, 1));
  }
}
