import Big from 'big.js';
import type { Row } from '../engine.ts';

/** What a report is asked for: half-open, ending now. */
export interface PeerRange {
  readonly from: Date;
  readonly to: Date;
}

/** The figures by which answers are held against each other. */
export interface Figures {
  /** Sums and counts: the same to the last digit. */
  readonly exact: Readonly<Record<string, string | null>>;
  /** Percentiles: within five percent. */
  readonly near: Readonly<Record<string, number | null>>;
}

export type Answers = Readonly<Record<string, readonly Row[]>>;

/**
 * A report as one would first write it: plain SQL over raw rows, made of the definitions alone. The statements run on
 * Postgres as they stand, and on DuckDB with instants that have no zone.
 */
export interface Peer {
  statements(range: PeerRange): Readonly<Record<string, string>>;
  figures(answers: Answers): Figures;
}

const DAY_MS = 86_400_000;

/** An instant as a literal. */
export const instant = (at: Date) => `timestamptz '${at.toISOString().slice(0, -1).replace('T', ' ')}'`;

export const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * DAY_MS);

/** Condition on an instant's column. */
export const within = (column: string, { from, to }: PeerRange) => `${column} >= ${instant(from)} and ${column} < ${instant(to)}`;

/** A sum of dollars as text, exact. */
export const usd = (expression: string) => `cast(coalesce(sum(${expression}), 0) as varchar)`;

/** A sum of counts as text. */
export const total = (expression: string) => `cast(coalesce(sum(${expression}), 0) as varchar)`;

/** Users with a payment, not refunded, whose period overlaps the range. */
export const payingUsers = ({ from, to }: PeerRange) =>
  `select user_id from payments where refunded_at is null and paid_at < ${instant(to)} and period_ends_at > ${instant(from)}`;

export const percentile = (share: number, column: string) => `percentile_cont(${share}) within group (order by ${column})`;

/** Dollars as the contracts tell them. */
export const toUsd = (value: string | null | undefined) => new Big(value ?? 0).toFixed(12);

/** Dollars shared out among so many; null among nobody. */
export function averageUsd(sum: string | null | undefined, count: string | null | undefined): string | null {
  return Number(count ?? 0) === 0 ? null : new Big(sum ?? 0).div(Number(count)).toFixed(12);
}

export const toNumber = (value: string | null | undefined) => (value === null || value === undefined ? null : Number(value));

type Format = (value: string | null) => string | null;

/** Rows as a flat record: the name of a row is what its key columns say. */
export function byKey(rows: readonly Row[], keys: readonly string[], prefix: string, column: string, format: Format = (value) => value) {
  return Object.fromEntries(rows.map((row) => [[prefix, ...keys.map((key) => row[key] ?? 'none')].join(' '), format(row[column] ?? null)]));
}

/** The rows of an answer whose `day` becomes a date. */
export const withDates = (rows: readonly Row[] | undefined) => (rows ?? []).map((row) => ({ ...row, day: (row['day'] ?? '').slice(0, 10) }));

const PERCENTS = [50, 95, 99];

/** Percentiles of a column of milliseconds, and how many values it has. */
export const latency = (column: string, percents = PERCENTS) =>
  `count(${column}) as duration_count, ${percents.map((percent) => `${percentile(percent / 100, column)} as p${percent}`).join(', ')}`;

/** Count and percentiles of rows, by the name that their key columns make. */
export function latencyFigures(rows: readonly Row[] | undefined, keys: readonly string[], prefix: string, percents = PERCENTS): Figures {
  const near = percents.map((percent) => `p${percent}`).map((column) => byKey(rows ?? [], keys, `${column} of ${prefix}`, column));
  return {
    exact: byKey(rows ?? [], keys, `durations of ${prefix}`, 'duration_count'),
    near: Object.fromEntries(Object.entries(Object.assign({}, ...near)).map(([name, value]) => [name, value === null ? null : Number(value)])),
  };
}

/** Several figures as one. */
export function mergeFigures(...parts: readonly Figures[]): Figures {
  return { exact: Object.assign({}, ...parts.map(({ exact }) => exact)), near: Object.assign({}, ...parts.map(({ near }) => near)) };
}
