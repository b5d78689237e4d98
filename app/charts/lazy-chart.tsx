import { Component, Suspense, type ReactNode } from 'react';
import { useHydrated } from '../lib/use-hydrated.ts';

export interface LazyChartProps {
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  /** What the server draws, and what stays if the other one cannot be loaded or drawn. */
  readonly fallback: ReactNode;
  /** Loads its library when it is drawn first. */
  readonly children: ReactNode;
}

/** Shows the fallback if what is in it cannot be loaded or drawn. */
class ChartBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}

/** A chart in a box of fixed height: what the server draws is replaced once the library of the interactive one has arrived. */
export function LazyChart({ label, fallback, children }: LazyChartProps) {
  const isHydrated = useHydrated();
  return (
    <div className="chart-box" role="img" aria-label={label}>
      {isHydrated ? (
        <ChartBoundary fallback={fallback}>
          <Suspense fallback={fallback}>{children}</Suspense>
        </ChartBoundary>
      ) : (
        fallback
      )}
    </div>
  );
}
