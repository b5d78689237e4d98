import { stringify } from 'csv-stringify/sync';
import type { Cell } from './types.ts';

/** A decimal as we write it: it is a number to every program, also when it is negative. */
const DECIMAL = /^-?\d+(\.\d+)?$/;
/** What spreadsheet programs take for the beginning of a formula (full-width signs too), and our own mark, so that it can be taken off again. */
const DANGEROUS = /^[=+\-@\t\r\n＝＋－＠']/u;

/** By it spreadsheet programs know that a file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** The text of a cell. What would be taken for a formula is marked by an apostrophe before it; exact decimals, negative ones too, stay numbers. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return DANGEROUS.test(cell) && !DECIMAL.test(cell) ? `'${cell}` : cell;
}

/** Rows as CSV after RFC 4180: commas, CRLF, quotes where they are needed. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map(cellText));
  // The library quotes a line end only where it is the one that ends its own lines.
  return stringify(texts, { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}
