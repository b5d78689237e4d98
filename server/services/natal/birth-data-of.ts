import type { User } from '#db/schema/index.ts';
import type { BirthData } from './types.ts';

/** A user's birth data once they are complete: a date, a time or "unknown", and a place with its time zone; else null. */
export function birthDataOf(user: User): BirthData | null {
  const { birthDate, birthTime, birthPlace, birthLatitude, birthLongitude, birthTimeZone } = user;
  if (birthDate === null || (birthTime === null && !user.isBirthTimeUnknown)) return null;
  if (birthPlace === null || birthLatitude === null || birthLongitude === null || birthTimeZone === null) return null;
  return {
    date: birthDate,
    time: birthTime?.slice(0, 5) ?? null,
    place: birthPlace,
    latitude: birthLatitude,
    longitude: birthLongitude,
    timeZone: birthTimeZone,
  };
}
