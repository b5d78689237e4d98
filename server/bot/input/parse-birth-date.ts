/** Nobody alive was born before. */
const YEAR_MIN = 1900;

export type BirthDateResult =
  | { readonly status: 'ok'; readonly date: string }
  /** Not a date at all; a day that does not exist; still to come; before anybody alive was born. */
  | { readonly status: 'unreadable' | 'impossible' | 'future' | 'too_old' };

const YEAR_FIRST = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/;
/** `17 May 1990`, `17-го мая 1990 года`; `May 17, 1990`. */
const DAY_MONTH_NAME = /^(\d{1,2})(?:st|nd|rd|th|-?го)?\s+(?:of\s+)?(\p{L}{3,9})\.?,?\s+(\d{4})(?:\s*г(?:ода|\.)?)?$/iu;
const MONTH_NAME_DAY = /^(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/iu;
/** What names of the months begin with, from January on; the first that fits counts. */
const MONTHS = [/^(?:jan|янв)/iu, /^(?:feb|фев)/iu, /^(?:mar|мар)/iu, /^(?:apr|апр)/iu, /^(?:may$|ма[йя]$)/iu, /^(?:jun|июн)/iu, /^(?:jul|июл)/iu, /^(?:aug|авг)/iu,
  /^(?:sep|сен)/iu, /^(?:oct|окт)/iu, /^(?:nov|ноя)/iu, /^(?:dec|дек)/iu];

/** Reads `1990-05-17`, `17.05.1990`, `17/05/1990`, `17 May 1990`, `May 17, 1990` or `17 мая 1990`; `today` is the calendar day (`YYYY-MM-DD`) that may not be passed. */
export function parseBirthDate(text: string, today: string): BirthDateResult {
  const parts = splitDate(text.trim());
  if (!parts) return { status: 'unreadable' };
  const [year, month, day] = parts;
  if (!isCalendarDay(year, month, day)) return { status: 'impossible' };
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  if (date > today) return { status: 'future' };
  return year < YEAR_MIN ? { status: 'too_old' } : { status: 'ok', date };
}

/** Year, month and day as typed; null for what is no date. */
function splitDate(typed: string): readonly [year: number, month: number, day: number] | null {
  const [, year, month, day] = YEAR_FIRST.exec(typed) ?? [];
  if (year !== undefined) return [Number(year), Number(month), Number(day)];
  const [, firstDay, secondMonth, lastYear] = DAY_FIRST.exec(typed) ?? [];
  if (lastYear !== undefined) return [Number(lastYear), Number(secondMonth), Number(firstDay)];
  const dayThenName = DAY_MONTH_NAME.exec(typed);
  const nameThenDay = MONTH_NAME_DAY.exec(typed);
  const name = dayThenName?.[2] ?? nameThenDay?.[1] ?? '';
  const named = MONTHS.findIndex((pattern) => pattern.test(name));
  if (named < 0) return null;
  return [Number(dayThenName?.[3] ?? nameThenDay?.[3]), named + 1, Number(dayThenName?.[1] ?? nameThenDay?.[2])];
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1000) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
