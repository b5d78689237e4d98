/** One row of an answer, every value as text. */
export type Row = Readonly<Record<string, string | null>>;

/** Whoever answers plain SQL: Postgres from raw rows, or DuckDB from its copy of them. */
export interface Engine {
  /** The answers to named statements, asked one after the other. */
  ask(statements: Readonly<Record<string, string>>): Promise<Readonly<Record<string, readonly Row[]>>>;
}

/** Values of any driver as text: counts may be numbers or bigints, sums are cast to text by the statements. */
export function toRow(values: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toText(value)]));
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}
