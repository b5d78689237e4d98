import type { RowPlace, RowPageQuery } from '#db/queries/exports.ts';
import type { InstantRange } from '#db/queries/ledger.ts';
import type { Executor } from '#db/client.ts';
import { localDate } from '#server/lib/time-buckets.ts';
import type { ReportDeps } from '../../reports/report-kit.ts';
import type { Cell, Column, ExportSpan } from '../types.ts';
import { walkRows } from '../walk-rows.ts';

/** Rows of a table, to be written as they are read. */
export interface RawRows {
  readonly span: ExportSpan;
  readonly headers: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
  readonly count: (executor: Executor) => Promise<number>;
}

/** What can be exported row by row; its input is in a contract of its own. Throws `AppError` `bad_input` for a query that it refuses. */
export type RawExporter = (deps: ReportDeps, query: URLSearchParams) => RawRows;

export interface RawDefinition<Row> {
  readonly span: ExportSpan;
  readonly spanMs: number;
  readonly columns: readonly Column<Row>[];
  readonly page: (executor: Executor, query: RowPageQuery) => PromiseLike<readonly Row[]>;
  readonly placeOf: (row: Row) => RowPlace;
  readonly count: (executor: Executor, range: InstantRange) => Promise<number>;
}

/** The rows of a definition; every row begins with its day in the reporting time zone, by which days add up to what reports say. */
export function rawRows<Row>({ db, reportingTimeZone }: ReportDeps, { span, spanMs, columns, page, placeOf, count }: RawDefinition<Row>): RawRows {
  const dayOf = (row: Row) => localDate(new Date(placeOf(row).at), reportingTimeZone);
  const walk = walkRows({ range: span, spanMs, page: (query) => page(db, query), placeOf });
  return {
    span,
    headers: [`day (${reportingTimeZone})`, ...columns.map(({ header }) => header)],
    pages: mapPages(walk, (row) => [dayOf(row), ...columns.map(({ cell }) => cell(row))]),
    count: (executor) => count(executor, span),
  };
}

async function* mapPages<Row>(pages: AsyncIterable<readonly Row[]>, toCells: (row: Row) => readonly Cell[]): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const page of pages) yield page.map(toCells);
}
