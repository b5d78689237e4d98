import { pathOf, toneOf, type Line, type LinePoint } from './line.ts';

const HEIGHT = 100;

export interface LinesProps {
  readonly lines: readonly Line[];
  readonly points: readonly LinePoint[];
  readonly formatTick: (value: number) => string;
}

/** Lines as plain SVG, which renders on the server: the highest value on the left, the first and the last name below. */
export function StaticLines({ lines, points, formatTick }: LinesProps) {
  const highest = Math.max(...points.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    <div className="static-bars">
      <span className="static-bars-top">{formatTick(highest)}</span>
      <svg viewBox={`0 0 ${points.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {lines.map(({ key }, index) => (
          <path key={key} className={`line line-${toneOf(index, lines.length)}`} d={pathOf(points.map(({ values }) => values[index] ?? null), highest)} />
        ))}
      </svg>
      <span className="static-bars-names">
        <span suppressHydrationWarning>{points[0]?.name}</span>
        <span suppressHydrationWarning>{points.at(-1)?.name}</span>
      </span>
    </div>
  );
}
