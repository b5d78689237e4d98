import type { Language } from './vocabulary.ts';

/** Every report that can be exported, by its name in the URL, and its tables: the first is what is given unless another is asked for. */
export const EXPORT_TABLES = {
  overview: ['cost-over-time', 'operations', 'figures'],
  costs: ['over-time', 'operations', 'models', 'plans', 'cost-sources', 'dispositions', 'figures'],
  waste: ['causes', 'operations', 'models', 'figures'],
  economics: ['over-time', 'plans', 'operations', 'sources', 'top-users', 'figures'],
  users: ['over-time', 'cohorts', 'sources', 'figures'],
  performance: ['latency-over-time', 'generations', 'handlers', 'requests', 'request-statuses', 'throughput-over-time', 'figures'],
  errors: ['over-time', 'failures', 'handlers', 'attempts', 'examples', 'figures'],
  jobs: ['over-time', 'runs', 'queues', 'figures'],
  'health-history': ['bars', 'checks'],
} as const;
export type ExportReport = keyof typeof EXPORT_TABLES;
export type ExportTable<Report extends ExportReport = ExportReport> = (typeof EXPORT_TABLES)[Report][number];

/** Rows as they stand in the tables, streamed. */
export const RAW_EXPORTS = ['ledger', 'interactions', 'health-samples'] as const;
export type RawExport = (typeof RAW_EXPORTS)[number];

/** All reports of a range in one zip. */
export const EXPORT_ALL = 'all';

export type ExportName = ExportReport | RawExport | typeof EXPORT_ALL;

/** CSV is of one table; JSON is the report itself. Raw rows are CSV only, and all reports a zip only. */
export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How many rows there were when the export began, where that was found out in time. */
export const ROW_COUNT_HEADER = 'X-Row-Count';

/** Why a parameter is refused, as `params.reason` of the issue, beside the reasons of the reports themselves. */
export const EXPORT_REFUSALS = ['duplicate', 'unknown_format', 'unknown_table'] as const;
export type ExportRefusal = (typeof EXPORT_REFUSALS)[number];

/** What is wanted: the address of an export, and the query of the page that shows the same. */
export interface ExportRequest {
  readonly name: string;
  readonly query: URLSearchParams;
  /** For what is told to people inside a zip. */
  readonly language: Language;
}

/** A file to be sent. */
export interface ExportFile {
  /** ASCII without signs that need quoting. */
  readonly fileName: string;
  readonly contentType: string;
  /** Null: not known. */
  readonly rowCount: number | null;
}

/** Bytes that are made as they are read; destroyed, it ends what it does at once. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  destroy(): void;
}

/** A file whose bytes are made as they are read. Whoever gets one reads it to its end or destroys it. */
export interface OpenedExport extends ExportFile {
  readonly source: ByteSource;
}

/** The same as the body of a response: errors in the middle where the source fails, so that it cannot be taken for whole. */
export interface ExportResponse extends ExportFile {
  readonly body: ReadableStream<Uint8Array>;
  readonly contentEncoding: 'gzip' | null;
}

/**
 * Exports as a loader uses them. Rejects with `AppError`: `not_found` for an unknown name, `bad_input` whose cause are the
 * issues as zod tells them, `too_many_requests` while too many run.
 */
export interface ExportsPort {
  open(request: ExportRequest): Promise<ExportResponse>;
}
