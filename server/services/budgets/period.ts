import type { BudgetPeriodKind } from '#server/contracts/budgets.ts';
import { localDate } from '#server/lib/time-buckets.ts';

const DAY_MS = 86_400_000;

/** The first day of the period that an instant lies in, `YYYY-MM-DD` of the reporting time zone; weeks begin on Monday. */
export function periodDateOf(at: Date, period: BudgetPeriodKind, timeZone: string): string {
  const date = localDate(at, timeZone);
  switch (period) {
    case 'day':
      return date;
    case 'week': {
      const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
      return addDays(date, -weekday);
    }
    case 'month':
      return `${date.slice(0, 7)}-01`;
  }
}

/** The first day after the period that begins on `periodDate`. */
export function nextPeriodDate(periodDate: string, period: BudgetPeriodKind): string {
  if (period === 'day') return addDays(periodDate, 1);
  if (period === 'week') return addDays(periodDate, 7);
  return `${addDays(periodDate, 31).slice(0, 7)}-01`;
}

/** The running period of each kind. */
export function periodDatesOf(at: Date, timeZone: string): Readonly<Record<BudgetPeriodKind, string>> {
  const of = (period: BudgetPeriodKind) => periodDateOf(at, period, timeZone);
  return { day: of('day'), week: of('week'), month: of('month') };
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
