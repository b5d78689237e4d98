import { TZDate } from '@date-fns/tz';
import type { ResolvedRange } from '#server/contracts/time-range.ts';

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
function dayOf(atMs: number, timeZone: string): string {
  const date = new TZDate(atMs, timeZone);
  return [date.getFullYear(), String(date.getMonth() + 1).padStart(2, '0'), String(date.getDate()).padStart(2, '0')].join('-');
}

/** The first and the last day that a range touches. */
export function daysOfRange({ from, to, timeZone }: Pick<ResolvedRange, 'from' | 'to' | 'timeZone'>) {
  return { firstDay: dayOf(Date.parse(from), timeZone), lastDay: dayOf(Date.parse(to) - 1, timeZone) };
}

/** The instant at which a day of a time zone begins, or the one after it; null for what is no day or no time zone. */
export function startOfDay(day: string, timeZone: string, offsetDays = 0): string | null {
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(day))) return null;
  const start = new TZDate(Number(year), Number(month) - 1, Number(dayOfMonth) + offsetDays, timeZone);
  return Number.isNaN(start.getTime()) ? null : new Date(start.getTime()).toISOString();
}
