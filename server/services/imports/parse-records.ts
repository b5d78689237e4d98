import { parse } from 'csv-parse/sync';
import type { Line } from './split-lines.ts';

const OPTIONS = { record_delimiter: '\n', relax_column_count: true, trim: true };

/**
 * The fields of each line; null where a line is not CSV. A record ends with its line: a quote that is left open spoils its own
 * line and none of the next.
 */
export function parseRecords(lines: readonly Line[]): readonly (readonly string[] | null)[] {
  const records = tryParse(lines.map(({ text }) => text).join('\n'));
  if (records?.length === lines.length) return records;
  return lines.map(({ text }) => {
    const own = tryParse(text);
    return own?.length === 1 ? (own[0] ?? null) : null;
  });
}

function tryParse(text: string): readonly (readonly string[])[] | null {
  try {
    return parse(text, OPTIONS);
  } catch {
    return null;
  }
}
