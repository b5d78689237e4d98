import { Bar, CartesianGrid, Cell, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { shapeOf, type Balance } from './balance.ts';
import type { BalanceProps } from './static-balance.tsx';

const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--ant-color-text-secondary)', fontSize: 12 } } as const;
/** It would restart with every refresh. */
const STILL = { isAnimationActive: false } as const;

interface BalanceTooltipProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: Balance }[];
  readonly names: BalanceProps['names'];
}

function BalanceTooltip({ active, payload, names }: BalanceTooltipProps) {
  const balance = payload?.[0]?.payload;
  if (!active || !balance) return null;
  return (
    <div className="chart-tooltip">
      <div>{balance.partNote === null ? balance.name : `${balance.name} (${balance.partNote})`}</div>
      {(['income', 'expense', 'net'] as const).map((part) => (
        <div key={part}>
          {names[part]} <strong>{balance.texts[part]}</strong>
        </div>
      ))}
    </div>
  );
}

/** Income above zero, expense below it, with axes and a tooltip. Default export, so that it loads lazily: the library weighs more than the page. */
export default function InteractiveBalance({ balances, names, formatTick }: BalanceProps) {
  const bar = (kind: 'income' | 'expense', valueOf: (balance: Balance) => number) => (
    <Bar name={names[kind]} dataKey={valueOf} stackId="balance" className={`bar-${kind}`} {...STILL}>
      {balances.map(({ key, partNote }) => (
        <Cell key={key} className={`bar-${kind}`} fillOpacity={partNote === null ? 1 : 0.45} />
      ))}
    </Bar>
  );
  return (
    <ComposedChart data={[...balances]} stackOffset="sign" responsive className="interactive-bars" margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--ant-color-border-secondary)" />
      <XAxis dataKey="name" {...AXIS} minTickGap={28} />
      <YAxis {...AXIS} width={64} tickFormatter={formatTick} />
      <Tooltip {...STILL} cursor={{ fill: 'var(--ant-color-fill-tertiary)' }} content={<BalanceTooltip names={names} />} />
      <ReferenceLine y={0} stroke="var(--ant-color-border)" />
      {bar('income', ({ income }) => income)}
      {bar('expense', ({ expense }) => -expense)}
      <Line name={names.net} dataKey={(balance: Balance) => shapeOf(balance).net} className="line line-net" strokeWidth={2} dot={balances.length === 1} {...STILL} />
    </ComposedChart>
  );
}
