import type { Summary } from '../stats.ts';
import type { ReportResult, SizeResult } from './measure.ts';
import type { WritesResult } from './writes/measure-writes.ts';

const NAIVE_GOAL = 500;
const DUCKDB_GOAL = 20;
const GROWTH_GOAL = 1.3;
const MEMORY_GOAL_MB = 50;
const WRITES_GOAL = 0.5;

const ms = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const times = (value: number) => `×${value >= 100 ? value.toFixed(0) : value.toPrecision(2)}`;
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

/** Every size as a table, and what ten times the rows cost: by the same users, and by ten times as many. */
export function renderReports(results: readonly SizeResult[]): string {
  const tables = results.map((result) => {
    const fewerRows = results.filter(({ ledgerCount }) => ledgerCount < result.ledgerCount);
    const smaller = [fewerRows.find(({ userCount }) => userCount === result.userCount), fewerRows.find(({ userCount }) => userCount < result.userCount)];
    const rows = result.reports.map((report) => renderRow(report, smaller.map((each) => each?.reports.find(({ name }) => name === report.name))));
    rows.push(renderSum(result.reports, smaller.map((each) => each?.reports)));
    const faults = result.reports.flatMap(({ name, fault }) => (fault === null ? [] : [`  WRONG: ${name}: ${fault}`]));
    return [describe(result), renderTable(HEADER, rows), ...faults].join('\n');
  });
  return tables.join('\n\n');
}

const HEADER = [
  'report', 'ours, ms', 'min–max', 'goal', 'naive SQL, ms', `ratio (goal ×${NAIVE_GOAL})`, 'DuckDB, ms', `ratio (goal ×${DUCKDB_GOAL})`,
  `10 × rows (goal ×${GROWTH_GOAL})`, '10 × rows, users',
];

function renderRow({ name, goalMs, ours, naive, duckdb }: ReportResult, smaller: readonly (ReportResult | undefined)[]): string[] {
  const against = (peer: Summary) => [ms(peer.median), times(peer.median / ours.median)];
  return [
    name, ms(ours.median), `${ms(ours.min)}–${ms(ours.max)}`, String(goalMs), ...against(naive), ...against(duckdb),
    ...smaller.map((each) => (each ? times(ours.median / each.ours.median) : '')),
  ];
}

/** All reports one after the other: a page of everything. */
function renderSum(reports: readonly ReportResult[], smaller: readonly (readonly ReportResult[] | undefined)[]): string[] {
  const sum = (of: readonly ReportResult[], who: 'ours' | 'naive' | 'duckdb') => of.reduce((total, report) => total + report[who].median, 0);
  const ours = sum(reports, 'ours');
  const against = (who: 'naive' | 'duckdb') => [ms(sum(reports, who)), times(sum(reports, who) / ours)];
  return ['all', ms(ours), '', '', ...against('naive'), ...against('duckdb'), ...smaller.map((each) => (each ? times(ours / sum(each, 'ours')) : ''))];
}

function describe({ ledgerCount, userCount, loadSeconds, rebuildSeconds, databaseBytes, rollupBytes, memoryGrowthBytes }: SizeResult): string {
  const [database, rollups, memory] = [databaseBytes, rollupBytes, memoryGrowthBytes].map(megabytes);
  return (
    `${ledgerCount / 1e6} million ledger rows, twice as many interactions, ${userCount} users; loaded in ${loadSeconds.toFixed(0)} s, ` +
    `rollups rebuilt in ${rebuildSeconds.toFixed(0)} s; ${database} MB, ${rollups} MB of it rollups; ` +
    `the reading process grew by ${memory} MB (goal ${MEMORY_GOAL_MB})`
  );
}

/** What keeping the rollups costs those who write. */
export function renderWrites({ kept, keptAndFolded, bare, keptRatio, keptAndFoldedRatio, deadlockCount }: WritesResult): string {
  const rows = [
    ['rollups kept, changes folded meanwhile', kept.median.toFixed(0), times(keptRatio)],
    ['the same, until all was folded', keptAndFolded.median.toFixed(0), times(keptAndFoldedRatio)],
    ['bare', bare.median.toFixed(0), ''],
  ];
  const title = `32 writers: reserve, settle, deliver, interaction; a durable transaction each; ${deadlockCount} deadlocks (goal 0)`;
  return [title, renderTable(['', 'transactions/s', `to bare (goal ×${WRITES_GOAL})`], rows)].join('\n');
}

function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const render = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd();
  return [render(header), ...rows.map(render)].join('\n');
}
