import { Bar, BarChart, CartesianGrid, Cell, Tooltip, XAxis, YAxis } from 'recharts';
import type { StackBar, StackPart } from './stack.ts';
import type { StackProps } from './static-stack.tsx';

const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--ant-color-text-secondary)', fontSize: 12 } } as const;
/** It would restart with every refresh. */
const STILL = { isAnimationActive: false } as const;

interface StackTooltipProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: StackBar }[];
  readonly parts: readonly StackPart[];
}

/** The parts in the order in which they are seen; those that a bar has nothing of are left out. */
function StackTooltip({ active, payload, parts }: StackTooltipProps) {
  const bar = payload?.[0]?.payload;
  if (!active || !bar) return null;
  const shown = parts.map((part, index) => ({ ...part, value: bar.values[index] ?? 0, text: bar.texts[index] })).filter(({ value }) => value > 0);
  return (
    <div className="chart-tooltip">
      <div>{bar.partNote === null ? bar.name : `${bar.name} (${bar.partNote})`}</div>
      {shown.length === 0 && <strong>0</strong>}
      {shown.toReversed().map(({ key, name, text }) => (
        <div key={key}>
          {name} <strong>{text}</strong>
        </div>
      ))}
    </div>
  );
}

/** Bars of several parts with axes and a tooltip. Default export, so that it loads lazily: the library weighs more than the page. */
export default function InteractiveStack({ parts, bars, formatTick, hasFractions = false }: StackProps) {
  return (
    <BarChart data={[...bars]} responsive className="interactive-bars" margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--ant-color-border-secondary)" />
      <XAxis dataKey="name" {...AXIS} minTickGap={28} />
      <YAxis {...AXIS} width={hasFractions ? 64 : 48} allowDecimals={hasFractions} tickFormatter={formatTick} />
      <Tooltip {...STILL} cursor={{ fill: 'var(--ant-color-fill-tertiary)' }} content={<StackTooltip parts={parts} />} />
      {parts.map(({ key, name, tone }, place) => (
        <Bar key={key} name={name} dataKey={(bar: StackBar) => bar.values[place] ?? 0} stackId="stack" {...STILL}>
          {bars.map((bar) => (
            <Cell key={bar.key} className={bar.partNote === null ? `stack-${tone}` : `stack-${tone} bar-part`} />
          ))}
        </Bar>
      ))}
    </BarChart>
  );
}
