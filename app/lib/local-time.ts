import { TZDate } from '@date-fns/tz';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,3})?)?$/;

/** An instant as a field for day and time holds it, to the minute, as clocks in the time zone show it. */
export function toLocalTime(instant: string, timeZone: string): string {
  const date = new TZDate(Date.parse(instant), timeZone);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * The instant at which clocks in the time zone show what stands in such a field; null for what is no time or no time zone.
 * An hour that a change of the clocks leaves out is told as the one after it.
 */
export function fromLocalTime(text: string, timeZone: string): string | null {
  const [, year, month, day, hour, minute] = LOCAL.exec(text) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(`${text}Z`))) return null;
  const date = new TZDate(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), timeZone);
  return Number.isNaN(date.getTime()) ? null : new Date(date.getTime()).toISOString();
}
