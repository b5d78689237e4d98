import { lazy } from 'react';
import { highestOf, type Bar, type ComparedNames } from './bar.ts';
import { LazyChart } from './lazy-chart.tsx';
import { StaticBars } from './static-bars.tsx';

export interface BarChartProps {
  readonly bars: readonly Bar[];
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
  /** Null or left out: the bars are compared with nothing. */
  readonly names?: ComparedNames | null;
}

const InteractiveBars = lazy(() => import('./interactive-bars.tsx'));

/**
 * A bar chart in a box of fixed height, with a line for what the bars are compared with: the server draws static bars, which
 * the browser replaces by interactive ones once their library has arrived.
 */
export function BarChart({ bars, label, emptyText, names = null }: BarChartProps) {
  if (!highestOf(bars)?.value) return <p className="chart-box chart-empty">{emptyText}</p>;
  return (
    <>
      <LazyChart label={label} fallback={<StaticBars bars={bars} />}>
        <InteractiveBars bars={bars} names={names} />
      </LazyChart>
      {names && (
        <ul className="chart-legend">
          <li>
            <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
              <rect className="bar" x="8" width="12" height="8" />
            </svg>
            {names.now}
          </li>
          <li>
            <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
              <line className="line line-before" x1="0" x2="28" y1="4" y2="4" />
            </svg>
            {names.before}
          </li>
        </ul>
      )}
    </>
  );
}
