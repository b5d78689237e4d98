import fc from 'fast-check';

/** Whole, half and quarter hours, changes of an hour, of half an hour and at midnight, and one left-out day. */
export const ZONES = [
  'UTC', 'Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Havana', 'America/Santiago',
  'Asia/Beirut', 'Pacific/Apia', 'Pacific/Chatham',
] as const;

export const zoneArbitrary = fc.constantFrom(...ZONES);

/** Changes of the clock are rare: half of the instants lie within days of one. */
const CHANGES = ['2011-12-30T10:00:00Z', '2026-03-08T05:00:00Z', '2026-03-29T00:00:00Z', '2026-04-05T03:00:00Z', '2026-09-06T04:00:00Z', '2026-10-25T00:00:00Z', '2026-11-01T05:00:00Z'];
const nearChange = fc.tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3 * 86_400_000, max: 3 * 86_400_000 })).map(([at, ms]) => new Date(Date.parse(at) + ms));
export const instantArbitrary = fc.oneof(fc.date({ min: new Date('2001-01-01'), max: new Date('2037-01-01'), noInvalidDate: true }), nearChange);

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the platform's own calendar shows: the oracle that shares nothing with what is tested. */
export function platformClock(at: Date, timeZone: string) {
  const options = { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', weekday: 'short' } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', options);
  formats.set(timeZone, format);
  const { year = '', month = '', day = '', hour = '', minute = '', second = '', weekday = '' } = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { date: `${year}-${month}-${day}`, month: `${year}-${month}`, hour, minute: Number(minute), time: `${hour}:${minute}:${second}`, weekday };
}
