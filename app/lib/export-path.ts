import type { ExportFormat, ExportName } from '#server/contracts/export.ts';
import { changeQuery } from './change-query.ts';

export interface ExportChoice {
  /** CSV unless said otherwise. */
  readonly format?: ExportFormat;
  /** Of a report as CSV: the first unless said otherwise. */
  readonly table?: string;
}

/** What belongs to the page, not to what it shows: a place in a list, and what was done there. */
const LEFT_BEHIND = { cursor: null, before: null, done: null };

/** The address of an export of what a page with this query shows. */
export function exportPath(name: ExportName, search: string, { format, table }: ExportChoice = {}): string {
  return `/monitoring/export/${name}${changeQuery(search, { ...LEFT_BEHIND, format: format ?? null, table: table ?? null })}`;
}
