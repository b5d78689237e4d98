import { lazy } from 'react';
import { LazyChart } from './lazy-chart.tsx';
import { toneOf, type Line, type LinePoint } from './line.ts';
import { StaticLines } from './static-lines.tsx';

export interface LineChartProps {
  readonly lines: readonly Line[];
  readonly points: readonly LinePoint[];
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
  /** A mark on the axis, in words. */
  readonly formatTick: (value: number) => string;
}

const InteractiveLines = lazy(() => import('./interactive-lines.tsx'));

/** A few lines over time with their names, with gaps where nothing is known; the server draws them without a library. */
export function LineChart({ lines, points, label, emptyText, formatTick }: LineChartProps) {
  if (points.every(({ values }) => values.every((value) => value === null))) return <p className="chart-box chart-empty">{emptyText}</p>;
  return (
    <>
      <LazyChart label={label} fallback={<StaticLines lines={lines} points={points} formatTick={formatTick} />}>
        <InteractiveLines lines={lines} points={points} formatTick={formatTick} />
      </LazyChart>
      <ul className="chart-legend">
        {lines.map(({ key, name }, index) => (
          <li key={key}>
            <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
              <line className={`line line-${toneOf(index, lines.length)}`} x1="0" x2="28" y1="4" y2="4" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}
