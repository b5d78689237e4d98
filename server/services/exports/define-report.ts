import type { z } from 'zod';
import { EXPORT_TABLES, type ExportReport, type ExportTable } from '#server/contracts/export.ts';
import type { ReportDeps } from '../reports/report-kit.ts';
import { localInstant } from './local-instant.ts';
import { readQuery } from './read-query.ts';
import type { Cell, Column, ExportableReport, ExportSpan, Table } from './types.ts';

/** Rows of one kind under the heads of their columns. */
export interface TableParts {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface ReportDefinition<Report extends ExportReport, Input, Output extends object> {
  readonly name: Report;
  readonly input: z.ZodType<Input>;
  readonly read: (deps: ReportDeps, input: Input) => Promise<Output>;
  readonly spanOf: (output: Output) => ExportSpan;
  /** All of its tables: the compiler refuses one that is left out. */
  readonly tables: { readonly [Name in ExportTable<Report>]: (output: Output) => TableParts };
}

/** Makes a report exportable: one call per report, in a file of its own. */
export function defineReport<Report extends ExportReport, Input, Output extends object>(definition: ReportDefinition<Report, Input, Output>): ExportableReport {
  const tableNames: readonly ExportTable<Report>[] = EXPORT_TABLES[definition.name];
  return {
    tableNames,
    async load(deps, query) {
      const output = await definition.read(deps, readQuery(definition.input, query));
      const tables = tableNames.map((name): Table => ({ name, ...definition.tables[name](output) }));
      return { span: definition.spanOf(output), output, tables };
    },
  };
}

/** A table of rows by its columns. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): TableParts {
  return { headers: columns.map(({ header }) => header), rows: rows.map((row) => columns.map(({ cell }) => cell(row))) };
}

/** Columns of fields as they are, headed by their names in snake case. */
export function fieldColumns<Key extends string>(...keys: readonly Key[]): readonly Column<Readonly<Record<Key, Cell>>>[] {
  return keys.map((key) => ({ header: snakeCase(key), cell: (row) => row[key] }));
}

/** The columns of a bucket: when it begins by the clock of a time zone, which the heading tells, and whether it still grows. */
export function bucketColumns(timeZone: string): readonly Column<{ readonly startsAt: string; readonly isUnfinished: boolean }>[] {
  return [{ header: `starts_at (${timeZone})`, cell: ({ startsAt }) => localInstant(startsAt, timeZone) }, ...fieldColumns('isUnfinished')];
}

type Figures = Readonly<Record<string, Cell>>;

/**
 * Figures of which there is one each: a line per figure, with its name, its value and, where a comparison was asked for,
 * what it is compared with; empty where that is not known.
 */
export function figuresOf<Part>(report: Part & { readonly comparedRange: object | null; readonly compared: Part | null }, figures: (part: Part) => Figures): TableParts {
  const isCompared = report.comparedRange !== null;
  const earlier = report.compared === null ? {} : figures(report.compared);
  const rows = Object.entries(figures(report)).map(([name, value]) => [name, value, ...(isCompared ? [earlier[name] ?? null] : [])]);
  return { headers: ['figure', 'value', ...(isCompared ? ['compared_value'] : [])], rows };
}

/** Fields as figures, by their names in snake case, with what is to stand before each. */
export function fieldFigures(fields: Figures, prefix = ''): Figures {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [prefix + snakeCase(key), value]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** The span of a report that tells its resolved range. */
export function spanOfRange({ from, to, timeZone }: { readonly from: string; readonly to: string; readonly timeZone: string }): ExportSpan {
  return { from: new Date(from), to: new Date(to), timeZone };
}
