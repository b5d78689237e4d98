/** What was found in the time of a bar. `partly`: up for some of it; `none`: nobody looked. */
export const UPTIME_STATES = ['healthy', 'partly', 'down', 'disabled', 'none'] as const;
export type UptimeState = (typeof UPTIME_STATES)[number];

export interface UptimeBar {
  readonly key: string;
  readonly state: UptimeState;
  /** Healthy share of the time that was looked at, 0 to 1. */
  readonly ratio: number;
  /** When, and what was found: shown on pointing at the bar, and read out. */
  readonly text: string;
  readonly isUnfinished: boolean;
}

const HEIGHT = 100;
/** Time that was up stands above this line, time that was down hangs below it: states differ in shape, not in colour alone. */
const LINE = 66;
/** Even a moment is seen. */
const PART_HEIGHT_MIN = 14;
/** Share of its slot that a bar fills. */
const FILL = 0.8;
const TICK = 8;
/** Time that nobody sampled is a dot: part of its slot, and of a strip of few bars so little that it is no line. */
const DOT = FILL / 3;
const DOT_SHARE_MAX = 0.006;

/** A strip of bars, each with its words. */
export function UptimeBars({ bars, label }: { bars: readonly UptimeBar[]; label: string }) {
  return (
    <svg className="uptime-bars" role="group" aria-label={label} viewBox={`0 0 ${Math.max(bars.length, 1)} ${HEIGHT}`} preserveAspectRatio="none" focusable="false">
      {bars.map((bar, index) => (
        <g key={bar.key} role="img" aria-label={bar.text} className={bar.isUnfinished ? 'uptime-unfinished' : undefined}>
          <title>{bar.text}</title>
          {/* The whole slot answers to the pointer, also where little is drawn. */}
          <rect className="uptime-slot" x={index} width="1" height={HEIGHT} />
          <Shape state={bar.state} ratio={bar.ratio} x={index + (1 - FILL) / 2} dotWidth={Math.min(DOT, bars.length * DOT_SHARE_MAX)} />
        </g>
      ))}
    </svg>
  );
}

/** One bar on its own, as the legend shows it. */
export function UptimeSample({ state }: { state: UptimeState }) {
  return (
    <svg className="uptime-sample" viewBox={`0 0 1 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <Shape state={state} ratio={0.5} x={(1 - FILL) / 2} dotWidth={DOT} />
    </svg>
  );
}

function Shape({ state, ratio, x, dotWidth }: { state: UptimeState; ratio: number; x: number; dotWidth: number }) {
  const part = (share: number, height: number) => Math.min(Math.max(share * height, PART_HEIGHT_MIN), height);
  const above = (height: number, kind: string) => <rect className={`uptime-${kind}`} x={x} width={FILL} y={(LINE - height).toFixed(1)} height={height.toFixed(1)} />;
  const below = (height: number) => <rect className="uptime-down" x={x} width={FILL} y={LINE + 2} height={height.toFixed(1)} />;
  const room = HEIGHT - LINE - 2;
  switch (state) {
    case 'healthy':
      return above(LINE, 'healthy');
    case 'partly':
      return (
        <>
          {above(part(ratio, LINE), 'partly')}
          {below(part(1 - ratio, room))}
        </>
      );
    case 'down':
      return below(room);
    case 'disabled':
      return above(TICK, 'disabled');
    case 'none':
      return <rect className="uptime-none" x={x + (FILL - dotWidth) / 2} width={dotWidth} y={LINE - TICK} height={TICK} />;
  }
}
