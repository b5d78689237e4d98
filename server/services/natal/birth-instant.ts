import { TZDate } from '@date-fns/tz';
import type { BirthData } from './types.ts';

/** When the time is unknown, noon halves the greatest possible error. */
const NOON = '12:00';

/** The instant of a birth, by the offset that its time zone had on that day. */
export function birthInstant(birth: Pick<BirthData, 'date' | 'time' | 'timeZone'>): Date {
  const [year = 0, month = 1, day = 1] = birth.date.split('-').map(Number);
  const [hour = 0, minute = 0] = (birth.time ?? NOON).split(':').map(Number);
  return new Date(new TZDate(year, month - 1, day, hour, minute, birth.timeZone).getTime());
}
