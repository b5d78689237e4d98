import { Fault } from './fault.ts';

const YEAR_MIN = 2000;
const YEAR_MAX = 2100;
const ZONE_HOURS_MAX = 14;
const MINUTE_MS = 60_000;
const PATTERN = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?$/i;

/** Reads a timestamp, to the nanosecond; without a zone it is UTC. */
export function parseInstant(text: string): { readonly at: string; readonly atMs: number } | Fault {
  const match = PATTERN.exec(text);
  if (!match) return new Fault(text === '' ? 'the timestamp is missing' : 'the timestamp is not readable');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const offsetMinutes = parseZone(match[8] ?? 'Z');
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A day or an hour that does not exist rolls over into another.
  const isReal = local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || offsetMinutes === null) return new Fault('the timestamp does not exist');
  const instant = new Date(local.getTime() - offsetMinutes * MINUTE_MS);
  if (instant.getUTCFullYear() < YEAR_MIN || instant.getUTCFullYear() > YEAR_MAX) return new Fault(`the year is outside ${YEAR_MIN} to ${YEAR_MAX}`);
  const fraction = (match[7] ?? '').replace(/0+$/, '');
  const at = `${instant.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
  return { at, atMs: instant.getTime() + Number(fraction.slice(0, 3).padEnd(3, '0')) };
}

/** Minutes east of Greenwich; null where nobody lives. */
function parseZone(zone: string): number | null {
  if (/^[a-z]/i.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > ZONE_HOURS_MAX || minutes >= 60) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
