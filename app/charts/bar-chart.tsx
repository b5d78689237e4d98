import { lazy } from 'react';
import type { Bar } from './bar.ts';
import { LazyChart } from './lazy-chart.tsx';
import { StaticBars } from './static-bars.tsx';

export interface BarChartProps {
  readonly bars: readonly Bar[];
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
}

const InteractiveBars = lazy(() => import('./interactive-bars.tsx'));

/**
 * A bar chart in a box of fixed height: the server draws static bars, which the browser replaces by interactive ones
 * once their library has arrived.
 */
export function BarChart({ bars, label, emptyText }: BarChartProps) {
  if (bars.every(({ value }) => value === 0)) return <p className="chart-box chart-empty">{emptyText}</p>;
  return (
    <LazyChart label={label} fallback={<StaticBars bars={bars} />}>
      <InteractiveBars bars={bars} />
    </LazyChart>
  );
}
