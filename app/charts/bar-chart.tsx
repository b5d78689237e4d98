import { Component, lazy, Suspense, type ReactNode } from 'react';
import { useHydrated } from '../lib/use-hydrated.ts';
import type { Bar } from './bar.ts';
import { StaticBars } from './static-bars.tsx';

export interface BarChartProps {
  readonly bars: readonly Bar[];
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
}

const InteractiveBars = lazy(() => import('./interactive-bars.tsx'));

/** Shows the static bars if the interactive ones cannot be loaded or drawn. */
class ChartBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}

/**
 * A bar chart in a box of fixed height: the server draws static bars, which the browser replaces by interactive ones
 * once their library has arrived.
 */
export function BarChart({ bars, label, emptyText }: BarChartProps) {
  const isHydrated = useHydrated();
  if (bars.every(({ value }) => value === 0)) return <p className="chart-box chart-empty">{emptyText}</p>;
  const staticBars = <StaticBars bars={bars} />;
  return (
    <div className="chart-box" role="img" aria-label={label}>
      {isHydrated ? (
        <ChartBoundary fallback={staticBars}>
          <Suspense fallback={staticBars}>
            <InteractiveBars bars={bars} />
          </Suspense>
        </ChartBoundary>
      ) : (
        staticBars
      )}
    </div>
  );
}
