import type { RowPageQuery, RowPlace } from '#db/queries/exports.ts';
import type { InstantRange } from '#db/queries/ledger.ts';
import { ROWS_PER_CHUNK } from './write-csv.ts';

export interface RowWalk<Row> {
  readonly range: InstantRange;
  /** What one statement looks at, at most: rows that a filter leaves out take their time too. */
  readonly spanMs: number;
  readonly page: (query: RowPageQuery) => PromiseLike<readonly Row[]>;
  readonly placeOf: (row: Row) => RowPlace;
  readonly rowsPerPage?: number;
}

/**
 * The rows of a range, the oldest first, page by page: each row that is there at the start exactly once, whatever is added
 * meanwhile. Between pages it holds neither a connection nor a transaction, however slowly it is read, and whoever stops
 * reading ends it after the statement that runs.
 */
export async function* walkRows<Row>({ range, spanMs, page, placeOf, rowsPerPage = ROWS_PER_CHUNK }: RowWalk<Row>): AsyncGenerator<readonly Row[]> {
  for (let fromMs = range.from.getTime(); fromMs < range.to.getTime(); fromMs += spanMs) {
    const span = { from: new Date(fromMs), to: new Date(Math.min(fromMs + spanMs, range.to.getTime())) };
    let after: RowPlace | null = null;
    for (let isFull = true; isFull; ) {
      const rows: readonly Row[] = await page({ span, after, limit: rowsPerPage });
      const last = rows.at(-1);
      if (last !== undefined) {
        yield rows;
        after = placeOf(last);
      }
      isFull = rows.length === rowsPerPage;
    }
  }
}
