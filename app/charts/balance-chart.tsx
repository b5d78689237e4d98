import { lazy } from 'react';
import { LazyChart } from './lazy-chart.tsx';
import { StaticBalance, type BalanceProps } from './static-balance.tsx';

export interface BalanceChartProps extends BalanceProps {
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
}

const InteractiveBalance = lazy(() => import('./interactive-balance.tsx'));

/** What came in above a line, what went out below it, and what is left of it; the server draws it without a library. */
export function BalanceChart({ label, emptyText, ...chart }: BalanceChartProps) {
  if (chart.balances.every(({ income, expense }) => income === 0 && expense === 0)) return <p className="chart-box chart-empty">{emptyText}</p>;
  const { names } = chart;
  return (
    <>
      <LazyChart label={label} fallback={<StaticBalance {...chart} />}>
        <InteractiveBalance {...chart} />
      </LazyChart>
      <ul className="chart-legend">
        {(['income', 'expense'] as const).map((kind) => (
          <li key={kind}>
            <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
              <rect className={`bar-${kind}`} x="8" width="12" y={kind === 'income' ? 0 : 3} height="5" />
              <line className="line-zero" x1="4" x2="24" y1={kind === 'income' ? 5 : 3} y2={kind === 'income' ? 5 : 3} />
            </svg>
            {names[kind]}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
            <line className="line line-net" x1="0" x2="28" y1="4" y2="4" />
          </svg>
          {names.net}
        </li>
      </ul>
    </>
  );
}
