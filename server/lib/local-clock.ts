import { offsetMs, offsetSpans } from './zone-offsets.ts';

const DAY_MS = 86_400_000;
/** Farther from UTC than any clock, a left-out day included. */
const REACH_MS = 2 * DAY_MS;

/** What clocks in a zone show at an instant, in milliseconds as if they were UTC. */
export function toLocalMs(at: Date, timeZone: string): number {
  return at.getTime() + offsetMs(at.getTime(), timeZone);
}

/** What clocks show as a range begins: midnight where a day begins, also where the clock leaves midnight out. */
export function startLocalMs(at: Date, timeZone: string): number {
  const localMs = toLocalMs(at, timeZone);
  const midnightMs = Math.floor(localMs / DAY_MS) * DAY_MS;
  return endLocalMs(at, timeZone) <= midnightMs ? midnightMs : localMs;
}

/** Up to which time clocks have come as a range ends, before they are turned. */
export function endLocalMs(at: Date, timeZone: string): number {
  return toLocalMs(new Date(at.getTime() - 1), timeZone) + 1;
}

/** The first instant at which clocks in a zone show a time or a later one: what the clock leaves out begins where it goes on. */
export function fromLocalMs(localMs: number, timeZone: string): Date {
  const endMs = localMs + REACH_MS;
  const spans = offsetSpans(timeZone, localMs - REACH_MS, endMs);
  const span = spans.find((one) => localMs - one.offsetMs < one.untilMs);
  return new Date(span ? Math.max(span.fromMs, localMs - span.offsetMs) : endMs);
}

/** The instant at which a day, given as `YYYY-MM-DD`, begins in a zone, or the day some days later. */
export function startOfDay(day: string, timeZone: string, days = 0): Date {
  return fromLocalMs(Date.parse(day) + days * DAY_MS, timeZone);
}

/**
 * A local time some months earlier. Where that month lacks the day, the last one it has stands for it; the end of a range
 * at midnight is the end of the day before, and so becomes the end of that last day.
 */
export function minusMonths(localMs: number, months: number, edge: 'start' | 'end'): number {
  const local = new Date(localMs);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth() - months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeMs = ((localMs % DAY_MS) + DAY_MS) % DAY_MS;
  const isLacking = local.getUTCDate() > lastDay;
  const isWholeDay = edge === 'end' && timeMs === 0 && isLacking;
  return Date.UTC(year, month, isLacking ? lastDay : local.getUTCDate()) + timeMs + (isWholeDay ? DAY_MS : 0);
}
