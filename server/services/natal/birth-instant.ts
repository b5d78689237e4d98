import { tzOffset } from '@date-fns/tz';
import type { BirthData } from './types.ts';

/** When the time is unknown, noon halves the greatest possible error. */
const NOON = '12:00';
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * The instant of a birth, by the clocks of its place on that day: of an hour that came twice the first, and of one that
 * was skipped the instant that the clocks of before it would have shown.
 */
export function birthInstant(birth: Pick<BirthData, 'date' | 'time' | 'timeZone'>): Date {
  const [year = 0, month = 1, day = 1] = birth.date.split('-').map(Number);
  const [hour = 0, minute = 0] = (birth.time ?? NOON).split(':').map(Number);
  const shownMs = Date.UTC(year, month - 1, day, hour, minute);
  const offsetAt = (ms: number) => Math.round(tzOffset(birth.timeZone, new Date(ms)) * 60) * SECOND_MS;
  // No zone is a day off, and none changed twice within two days: one of these two was in force.
  const [before, after] = [offsetAt(shownMs - DAY_MS), offsetAt(shownMs + DAY_MS)];
  const isShown = (offset: number) => offsetAt(shownMs - offset) === offset;
  return new Date(shownMs - (isShown(before) || !isShown(after) ? before : after));
}
