import { offsetMs } from '#server/lib/zone-offsets.ts';

const MINUTE_MS = 60_000;

const two = (value: number) => String(value).padStart(2, '0');

/** An instant as the clocks of a time zone show it, with how far they are from UTC: `2026-11-01T00:00:00+03:00`. */
export function localInstant(instant: string, timeZone: string): string {
  const atMs = Date.parse(instant);
  const shiftMs = offsetMs(atMs, timeZone);
  const minutes = Math.abs(Math.round(shiftMs / MINUTE_MS));
  const clock = new Date(atMs + shiftMs).toISOString().replace(/(?:\.000)?Z$/, '');
  return `${clock}${shiftMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
