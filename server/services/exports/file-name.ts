import { localDate } from '#server/lib/time-buckets.ts';
import type { ExportSpan } from './types.ts';

/** `adtrobot-waste-models-2026-11-01-2026-11-25.csv`: the first and the last day that a span touches, in its time zone. */
export function exportFileName(parts: readonly string[], { from, to, timeZone }: ExportSpan, extension: string): string {
  const lastInstant = new Date(Math.max(to.getTime() - 1, from.getTime()));
  return `${['adtrobot', ...parts, localDate(from, timeZone), localDate(lastInstant, timeZone)].join('-')}.${extension}`;
}
