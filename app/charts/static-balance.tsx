import { shapeOf, type Balance } from './balance.ts';

const HEIGHT = 100;
/** Share of its slot that a bar fills. */
const FILL = 0.8;

export interface BalanceProps {
  readonly balances: readonly Balance[];
  readonly names: { readonly income: string; readonly expense: string; readonly net: string };
  /** A mark on the axis, in words. */
  readonly formatTick: (value: number) => string;
}

/** Income above a line and expense below it as plain SVG, which renders on the server, with what is left as a line of its own. */
export function StaticBalance({ balances, formatTick }: BalanceProps) {
  const shapes = balances.map(shapeOf);
  const highest = Math.max(0, ...shapes.map(({ above }) => above));
  const lowest = Math.min(0, ...shapes.map(({ below }) => below));
  const yOf = (value: number) => ((highest - value) / (highest - lowest || 1)) * HEIGHT;
  const rect = (kind: string, index: number, from: number, to: number) => {
    if (from === to) return null;
    const isPart = balances[index]?.partNote != null;
    return <rect className={isPart ? `bar-${kind} bar-part` : `bar-${kind}`} x={(index + (1 - FILL) / 2).toFixed(1)} width={FILL} y={yOf(from).toFixed(2)} height={(yOf(to) - yOf(from)).toFixed(2)} />;
  };
  const path = shapes.map(({ net }, index) => `${index === 0 ? 'M' : 'L'}${index + 0.5} ${yOf(net).toFixed(2)}`).join('');
  return (
    <div className="static-bars">
      <span className="static-bars-top">{formatTick(highest)}</span>
      <svg viewBox={`0 0 ${balances.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {shapes.map(({ above, returned, below }, index) => (
          <g key={balances[index]?.key}>
            {rect('income', index, above, 0)}
            {rect('income', index, 0, returned)}
            {rect('expense', index, returned, below)}
          </g>
        ))}
        <line className="line-zero" x1="0" x2={balances.length} y1={yOf(0).toFixed(2)} y2={yOf(0).toFixed(2)} />
        <path className="line line-net" d={balances.length === 1 ? `${path}h0` : path} />
      </svg>
      <span className="static-bars-top">{formatTick(lowest)}</span>
      <span className="static-bars-names">
        <span suppressHydrationWarning>{balances[0]?.name}</span>
        <span suppressHydrationWarning>{balances.at(-1)?.name}</span>
      </span>
    </div>
  );
}
