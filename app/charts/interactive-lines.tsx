import { CartesianGrid, Line as RechartsLine, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import { axisOf, isLonely, toneOf, type Line, type LinePoint } from './line.ts';
import type { LinesProps } from './static-lines.tsx';

const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--ant-color-text-secondary)', fontSize: 12 } } as const;
/** It would restart with every refresh. */
const STILL = { isAnimationActive: false } as const;

interface LineTooltipProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: LinePoint }[];
  readonly lines: readonly Line[];
}

function LineTooltip({ active, payload, lines }: LineTooltipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="chart-tooltip">
      <div>{point.partNote === null ? point.name : `${point.name} (${point.partNote})`}</div>
      {lines.map(({ key, name }, index) => (
        <div key={key}>
          {name} <strong>{point.texts[index]}</strong>
        </div>
      ))}
    </div>
  );
}

interface DotProps {
  readonly cx?: number;
  readonly cy?: number;
  readonly index?: number;
}

/** Lines with axes and a tooltip. Default export, so that it loads lazily: the library weighs more than the page. */
export default function InteractiveLines({ lines, points, formatTick }: LinesProps) {
  const dotOf = (line: number) =>
    function Dot({ cx, cy, index = 0 }: DotProps) {
      return isLonely(points, line, index) ? <circle key={index} className={`line-dot line-dot-${toneOf(line, lines.length)}`} cx={cx} cy={cy} r={3} /> : <g key={index} />;
    };
  return (
    <LineChart data={[...points]} responsive className="interactive-bars" margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--ant-color-border-secondary)" />
      <XAxis dataKey="name" {...AXIS} minTickGap={28} />
      <YAxis {...AXIS} {...axisOf(points)} width={64} tickFormatter={formatTick} />
      <Tooltip {...STILL} cursor={{ stroke: 'var(--ant-color-border)' }} content={<LineTooltip lines={lines} />} />
      {lines.map(({ key, name }, index) => (
        <RechartsLine
          key={key}
          name={name}
          dataKey={(point: LinePoint) => point.values[index] ?? null}
          className={`line line-${toneOf(index, lines.length)}`}
          dot={dotOf(index)}
          connectNulls={false}
          {...STILL}
        />
      ))}
    </LineChart>
  );
}
