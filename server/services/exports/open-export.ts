import { Readable } from 'node:stream';
import { EXPORT_ALL, RAW_EXPORTS, type ExportFile, type ExportReport, type ExportRequest, type OpenedExport, type RawExport } from '#server/contracts/export.ts';
import { RANGE_PARAMETERS, RangeInput } from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { classifyDatabaseFailure } from '../inbox/database-failure.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { resolveRange } from '../reports/resolve-range.ts';
import { countInTime } from './count-in-time.ts';
import { exportFileName } from './file-name.ts';
import { exportHealthSamples } from './raw/health-samples.ts';
import { exportInteractions } from './raw/interactions.ts';
import { exportLedger } from './raw/ledger.ts';
import type { RawExporter } from './raw/raw-export.ts';
import { readFormat, readQuery, refuseParameter } from './read-query.ts';
import { EXPORTABLE_REPORTS } from './report-registry.ts';
import type { Slots } from './slots.ts';
import { inPages, writeCsv } from './write-csv.ts';
import { reportJson, zipReports } from './zip-reports.ts';

export interface ExportDeps extends ReportDeps {
  readonly slots: Slots;
}

interface MadeExport extends ExportFile {
  readonly source: Readable;
}

const CSV = 'text/csv; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const ZIP = 'application/zip';

const RAW_EXPORTERS: Readonly<Record<RawExport, RawExporter>> = {
  ledger: exportLedger,
  interactions: exportInteractions,
  'health-samples': exportHealthSamples,
};

/**
 * Opens a file with what an admin asks for; its bytes are made as they are read. Everything that can be refused is refused
 * here, before the first byte. Throws `AppError` as `ExportsPort` says. An export of rows is noted in the audit log.
 */
export async function openExport(deps: ExportDeps, request: ExportRequest, adminId: number): Promise<OpenedExport> {
  const release = deps.slots.take();
  try {
    const made = await makeExport(deps, request, adminId);
    made.source.once('close', release);
    return made;
  } catch (error) {
    release();
    if (classifyDatabaseFailure(error) !== 'transient') throw error;
    throw new AppError('unavailable', 'The database does not answer at the moment. Try again soon.', error);
  }
}

async function makeExport(deps: ExportDeps, request: ExportRequest, adminId: number): Promise<MadeExport> {
  const raw = RAW_EXPORTS.find((one) => one === request.name);
  if (raw) return makeRaw(deps, raw, request.query, adminId);
  if (request.name === EXPORT_ALL) return makeZip(deps, request);
  if (isReport(request.name)) return makeReport(deps, request.name, request.query);
  throw new AppError('not_found', 'There is no such export.');
}

function isReport(name: string): name is ExportReport {
  return Object.hasOwn(EXPORTABLE_REPORTS, name);
}

async function makeReport(deps: ReportDeps, name: ExportReport, query: URLSearchParams): Promise<MadeExport> {
  const report = EXPORTABLE_REPORTS[name];
  const format = readFormat(query);
  const tableName = report.tableNames.find((one) => one === (query.get('table') ?? report.tableNames[0]));
  if (tableName === undefined) throw refuseParameter('table', 'unknown_table', `must be one of ${report.tableNames.join(', ')}`);
  const { span, output, tables } = await report.load(deps, query);
  if (format === 'json') {
    return { fileName: exportFileName([name], span, 'json'), contentType: JSON_TYPE, rowCount: null, source: byteStream([reportJson(output)]) };
  }
  const table = tables.find((one) => one.name === tableName);
  const rows = [...(table?.rows ?? [])];
  const source = byteStream(writeCsv(table?.headers ?? [], inPages(rows)));
  return { fileName: exportFileName([name, tableName], span, 'csv'), contentType: CSV, rowCount: rows.length, source };
}

function makeZip(deps: ReportDeps, { query, language }: ExportRequest): MadeExport {
  const { from, to, timeZone } = resolveRange(readQuery(RangeInput, query), { now: deps.clock.now(), timeZone: deps.reportingTimeZone });
  const span = { from, to, timeZone };
  // What narrows one report means something else to another.
  const rangeOnly = new URLSearchParams([...query].filter(([parameter]) => RANGE_PARAMETERS.some((name) => name === parameter)));
  const source = zipReports(deps, { reports: EXPORTABLE_REPORTS, query: rangeOnly, span, language });
  return { fileName: exportFileName(['reports'], span, 'zip'), contentType: ZIP, rowCount: null, source };
}

async function makeRaw(deps: ReportDeps, name: RawExport, query: URLSearchParams, adminId: number): Promise<MadeExport> {
  readFormat(query, ['csv']);
  const { span, headers, pages, count } = RAW_EXPORTERS[name](deps, query);
  const rowCount = await countInTime(deps.db, count);
  const details = { from: span.from.toISOString(), to: span.to.toISOString(), query: Object.fromEntries(query), rowCount };
  await recordAudit(deps.db, { at: deps.clock.now(), adminId, action: 'export.rows', subject: `export:${name}`, details });
  return { fileName: exportFileName([name], span, 'csv'), contentType: CSV, rowCount, source: byteStream(writeCsv(headers, pages)) };
}

/** At most one piece is made ahead of its reader. */
function byteStream(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Readable {
  return Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
}
