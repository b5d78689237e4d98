import { Link } from '@remix-run/react';
import { lazy } from 'react';
import { LazyChart } from './lazy-chart.tsx';
import { heightOf } from './stack.ts';
import { StaticStack, type StackProps } from './static-stack.tsx';

export interface StackedChartProps extends StackProps {
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly emptyText: string;
}

const InteractiveStack = lazy(() => import('./interactive-stack.tsx'));

/** Bars over time that tell their parts apart, with the parts' names in the order of the stack; the server draws it without a library. */
export function StackedChart({ label, emptyText, ...chart }: StackedChartProps) {
  if (chart.bars.every((bar) => heightOf(bar) === 0)) return <p className="chart-box chart-empty">{emptyText}</p>;
  return (
    <>
      <LazyChart label={label} fallback={<StaticStack {...chart} />}>
        <InteractiveStack {...chart} />
      </LazyChart>
      <ul className="chart-legend">
        {chart.parts.map(({ key, name, tone, to }) => (
          <li key={key}>
            <svg viewBox="0 0 28 8" aria-hidden="true" focusable="false">
              <rect className={`stack-${tone}`} x="8" width="12" height="8" />
            </svg>
            {to === undefined ? name : <Link to={to}>{name}</Link>}
          </li>
        ))}
      </ul>
    </>
  );
}
