import type { ZodiacSign } from './vocabulary.ts';

/** The last month and day of each sign in the customary calendar of horoscopes, from January on. */
const SIGN_ENDS: readonly (readonly [monthDay: number, sign: ZodiacSign])[] = [
  [119, 'capricorn'],
  [218, 'aquarius'],
  [320, 'pisces'],
  [419, 'aries'],
  [520, 'taurus'],
  [620, 'gemini'],
  [722, 'cancer'],
  [822, 'leo'],
  [922, 'virgo'],
  [1022, 'libra'],
  [1121, 'scorpio'],
  [1221, 'sagittarius'],
];

/** The sign of a birth date `YYYY-MM-DD` by the customary calendar; births on a border day may differ by the Sun's position. */
export function zodiacSignOf(birthDate: string): ZodiacSign {
  const monthDay = Number(birthDate.slice(5, 7)) * 100 + Number(birthDate.slice(8, 10));
  return SIGN_ENDS.find(([end]) => monthDay <= end)?.[1] ?? 'capricorn';
}
