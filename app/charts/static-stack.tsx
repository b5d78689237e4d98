import { heightOf, type StackBar, type StackPart } from './stack.ts';

const HEIGHT = 100;
/** Share of its slot that a bar fills. */
const FILL = 0.8;

export interface StackProps {
  /** From the bottom up. */
  readonly parts: readonly StackPart[];
  readonly bars: readonly StackBar[];
  /** A mark on the axis, in words. */
  readonly formatTick: (value: number) => string;
  /** Amounts, which may all be below one; without it, counts. */
  readonly hasFractions?: boolean;
}

/** Bars of several parts as plain SVG, which renders on the server: the highest value on the left, the first and the last name below. */
export function StaticStack({ parts, bars, formatTick }: StackProps) {
  const highest = Math.max(0, ...bars.map(heightOf));
  return (
    <div className="static-bars">
      <span className="static-bars-top">{formatTick(highest)}</span>
      <svg viewBox={`0 0 ${bars.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {bars.map((bar, index) => {
          let top = HEIGHT;
          return parts.map(({ key, tone }, place) => {
            const height = highest > 0 ? ((bar.values[place] ?? 0) / highest) * HEIGHT : 0;
            top -= height;
            if (height === 0) return null;
            const className = bar.partNote === null ? `stack-${tone}` : `stack-${tone} bar-part`;
            return <rect key={`${bar.key} ${key}`} className={className} x={(index + (1 - FILL) / 2).toFixed(1)} width={FILL} y={top.toFixed(2)} height={height.toFixed(2)} />;
          });
        })}
      </svg>
      <span className="static-bars-names">
        <span suppressHydrationWarning>{bars[0]?.name}</span>
        <span suppressHydrationWarning>{bars.at(-1)?.name}</span>
      </span>
    </div>
  );
}
