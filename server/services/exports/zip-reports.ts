import { PassThrough, pipeline, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Language } from '#server/contracts/vocabulary.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { exportFileName } from './file-name.ts';
import { readMe } from './read-me.ts';
import type { ExportSpan, LoadedReport, ReportRegistry } from './types.ts';
import { inPages, writeCsv } from './write-csv.ts';

export interface ZipInput {
  readonly reports: ReportRegistry;
  readonly query: URLSearchParams;
  readonly span: ExportSpan;
  readonly language: Language;
}

/** A report as indented JSON, as it stands in files. */
export function reportJson(output: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(output, null, 2)}\n`);
}

/**
 * All reports of a range in one zip: each table as CSV, each report as JSON, and what it all is. A report is read when its
 * first file is written and let go after its last, so that one of them at a time is in memory.
 */
export function zipReports(deps: ReportDeps, { reports, query, span, language }: ZipInput): Readable {
  const zip = new ZipFile();
  const body = new PassThrough();
  const madeAt = deps.clock.now();
  // What they have in common is the moment: all reports are of the same range to the millisecond.
  const frozen = { ...deps, clock: { now: () => madeAt } };
  let held: { readonly name: string; readonly report: Promise<LoadedReport> } | null = null;
  const fail = (error: Error) => void body.destroy(error);
  // The library passes on what is read, not how reading fails.
  const add = (fileName: string, open: () => AsyncIterable<Uint8Array>) =>
    zip.addReadStreamLazy(fileName, { mtime: madeAt }, (give) => give(null, Readable.from(open(), { objectMode: false }).on('error', fail)));
  const fileNames: string[] = [];
  for (const [name, report] of Object.entries(reports)) {
    const load = () => (held?.name === name ? held : (held = { name, report: report.load(frozen, query) })).report;
    for (const tableName of report.tableNames) {
      const fileName = exportFileName([name, tableName], span, 'csv');
      fileNames.push(fileName);
      add(fileName, () => tableFile(load, tableName));
    }
    const fileName = exportFileName([name], span, 'json');
    fileNames.push(fileName);
    add(fileName, () => jsonFile(load));
  }
  zip.addBuffer(Buffer.from(readMe({ span, madeAt, fileNames, language })), 'README.txt', { mtime: madeAt });
  zip.on('error', fail);
  // How it ended is the reader's to know.
  pipeline(zip.outputStream, body, () => undefined);
  zip.end();
  return body;
}

async function* tableFile(load: () => Promise<LoadedReport>, name: string): AsyncGenerator<Uint8Array> {
  const table = (await load()).tables.find((one) => one.name === name);
  if (table) yield* writeCsv(table.headers, inPages(table.rows));
}

async function* jsonFile(load: () => Promise<LoadedReport>): AsyncGenerator<Uint8Array> {
  yield reportJson((await load()).output);
}
