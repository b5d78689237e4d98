import type { ContestResult } from './contest.ts';

/** A figure with three digits that count. */
function formatFigure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** One contest as lines of text: what was done, by whom, how fast, and ours against each other. */
export function renderContest({ name, conditions, unit, isHigherBetter, results }: ContestResult): string {
  const rows = results.map((result) => [
    result.name,
    `${formatFigure(result.median)} ${unit}`,
    `${formatFigure(result.min)}–${formatFigure(result.max)}`,
    result.oursRatio === null ? '' : `×${result.oursRatio.toFixed(2)}`,
  ]);
  const header = ['', 'median', 'min–max', 'ours / this'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const render = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd();
  const title = `${name} (${isHigherBetter ? 'more' : 'less'} is better)`;
  return [title, `  ${conditions}`, render(header), ...rows.map(render)].join('\n');
}
