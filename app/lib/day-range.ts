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
