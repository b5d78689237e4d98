import type { ExportReport, ExportTable } from '#server/contracts/export.ts';
import type { ReportDeps } from '../reports/report-kit.ts';

/** Exact decimals as text, counts, yes or no, words, ISO instants. Null is an empty cell: not known, or not defined. */
export type Cell = string | number | boolean | null;

export interface Column<Row> {
  /** Head of the column: snake case, its unit last, and the time zone in brackets where instants or days stand below. */
  readonly header: string;
  readonly cell: (row: Row) => Cell;
}

/** A table with what it holds, ready to be written. */
export interface Table {
  readonly name: string;
  readonly headers: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** The span that a report is of. */
export interface ExportSpan {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly timeZone: string;
}

/** A report that was read: what it said, and the same as tables. */
export interface LoadedReport {
  readonly span: ExportSpan;
  readonly output: object;
  readonly tables: readonly Table[];
}

/** A report that can be exported; its input is in its own contract, so it takes the query as it is. */
export interface ExportableReport {
  readonly tableNames: readonly ExportTable[];
  /** Rejects with `AppError` `bad_input` for a query that its contract refuses. */
  load(deps: ReportDeps, query: URLSearchParams): Promise<LoadedReport>;
}

export type ReportRegistry = Readonly<Record<ExportReport, ExportableReport>>;
