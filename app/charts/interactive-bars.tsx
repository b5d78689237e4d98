import { Bar as RechartsBar, CartesianGrid, Cell, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormat } from '../lib/use-format.ts';
import type { Bar, ComparedNames } from './bar.ts';

const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--ant-color-text-secondary)', fontSize: 12 } } as const;
/** A chart of many narrow bars needs no animation; it would also restart with every refresh. */
const STILL = { isAnimationActive: false } as const;

interface BarTooltipProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: Bar }[];
}

function BarTooltip({ active, payload }: BarTooltipProps) {
  const bar = payload?.[0]?.payload;
  if (!active || !bar) return null;
  return (
    <div className="chart-tooltip">
      <div>{bar.partNote === null ? bar.name : `${bar.name} (${bar.partNote})`}</div>
      <strong>{bar.valueText}</strong>
      {bar.before && (
        <div>
          {bar.before.name}: {bar.before.valueText}
        </div>
      )}
    </div>
  );
}

/** Bars with axes and a tooltip, and a line for what they are compared with. Default export, so that it loads lazily: the library weighs more than the page. */
export default function InteractiveBars({ bars, names }: { bars: readonly Bar[]; names: ComparedNames | null }) {
  const format = useFormat();
  return (
    <ComposedChart data={[...bars]} responsive className="interactive-bars" margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--ant-color-border-secondary)" />
      <XAxis dataKey="name" {...AXIS} minTickGap={28} />
      <YAxis {...AXIS} width={64} tickFormatter={(value: number) => format.usdTick(value)} />
      <Tooltip {...STILL} cursor={{ fill: 'var(--ant-color-fill-tertiary)' }} content={<BarTooltip />} />
      <RechartsBar dataKey="value" fill="var(--ant-color-primary)" radius={[3, 3, 0, 0]} {...STILL}>
        {bars.map((bar) => (
          <Cell key={bar.key} fillOpacity={bar.partNote === null ? 1 : 0.45} />
        ))}
      </RechartsBar>
      {names &&
        ['line-halo', 'line-before'].map((kind) => (
          <Line key={kind} name={names.before} dataKey={({ before }: Bar) => before?.value ?? null} className={`line ${kind}`} strokeWidth={2} dot={bars.length === 1 && kind === 'line-before'} {...STILL} />
        ))}
    </ComposedChart>
  );
}
