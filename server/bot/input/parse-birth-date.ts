/** Nobody alive was born before. */
const YEAR_MIN = 1900;

export type BirthDateResult =
  | { readonly status: 'ok'; readonly date: string }
  /** Not a date at all; a day that does not exist; still to come; before anybody alive was born. */
  | { readonly status: 'unreadable' | 'impossible' | 'future' | 'too_old' };

const YEAR_FIRST = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/;

/** Reads `1990-05-17`, `17.05.1990` or `17/05/1990`; `today` is the calendar day (`YYYY-MM-DD`) that may not be passed. */
export function parseBirthDate(text: string, today: string): BirthDateResult {
  const typed = text.trim();
  const yearFirst = YEAR_FIRST.exec(typed);
  const dayFirst = DAY_FIRST.exec(typed);
  if (!yearFirst && !dayFirst) return { status: 'unreadable' };
  const [year, month, day] = yearFirst ? yearFirst.slice(1).map(Number) : (dayFirst?.slice(1).map(Number).reverse() ?? []);
  if (year === undefined || month === undefined || day === undefined) return { status: 'unreadable' };
  if (!isCalendarDay(year, month, day)) return { status: 'impossible' };
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  if (date > today) return { status: 'future' };
  return year < YEAR_MIN ? { status: 'too_old' } : { status: 'ok', date };
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1000) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
