import { BYTE_ORDER_MARK, csvLines } from './csv.ts';
import type { Cell } from './types.ts';

/** Rows that are written at a time: the event loop is held for some milliseconds at most. */
export const ROWS_PER_CHUNK = 1_000;

const encoder = new TextEncoder();

/** A CSV file, piece by piece: the head first, and with it whatever rows there are at once. */
export async function* writeCsv(headers: readonly string[], pages: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>): AsyncGenerator<Uint8Array> {
  yield encoder.encode(BYTE_ORDER_MARK + csvLines([headers]));
  for await (const page of pages) {
    if (page.length > 0) yield encoder.encode(csvLines(page));
  }
}

/** Rows in pages of bounded length. */
export function* inPages(rows: Iterable<readonly Cell[]>, length = ROWS_PER_CHUNK): Generator<readonly (readonly Cell[])[]> {
  let page: (readonly Cell[])[] = [];
  for (const row of rows) {
    if (page.push(row) < length) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
