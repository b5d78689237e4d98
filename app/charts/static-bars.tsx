import { highestOf, type Bar } from './bar.ts';
import { pathOf } from './line.ts';

const HEIGHT = 100;
/** Share of its slot that a bar fills. */
const FILL = 0.8;

/** Bars as plain SVG, which renders on the server: the highest value on the left, the first and the last name below; a line for what they are compared with. */
export function StaticBars({ bars }: { bars: readonly Bar[] }) {
  const highest = highestOf(bars) ?? { value: 0, valueText: '' };
  const before = pathOf(bars.map((bar) => bar.before?.value ?? null), highest.value);
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <div className="static-bars">
      <span className="static-bars-top">{highest.valueText}</span>
      <svg viewBox={`0 0 ${bars.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {bars.map((bar, index) => {
          const height = highest.value > 0 ? (bar.value / highest.value) * HEIGHT : 0;
          return (
            <rect
              key={bar.key}
              className={bar.partNote === null ? 'bar' : 'bar bar-part'}
              x={index + (1 - FILL) / 2}
              width={FILL}
              y={(HEIGHT - height).toFixed(2)}
              height={height.toFixed(2)}
            />
          );
        })}
        {before && <path className="line line-halo" d={before} />}
        {before && <path className="line line-before" d={before} />}
      </svg>
      <span className="static-bars-names">
        <span suppressHydrationWarning>{first?.name}</span>
        <span suppressHydrationWarning>{last?.name}</span>
      </span>
    </div>
  );
}
