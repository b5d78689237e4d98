const BEAT_MS = 250;
/** A beat that is so late was held up by the loop, which then did nothing else either. */
const STUCK_MS = 1_000;
/** The most that one beat adds to the time that was lived through. */
const BEAT_COUNTED_MS_MAX = 2 * BEAT_MS;

/** Watches the event loop from within: right after a block it still knows that there was one. */
export interface LoopMonitor {
  start(): void;
  stop(): void;
  /** The loop has not turned for a second. Never before the start. */
  isStuck(): boolean;
  /** Milliseconds that the loop has turned: a blocked loop learns nothing, so what it knows does not age meanwhile. */
  livedMs(): number;
}

export function createLoopMonitor(monotonicMs: () => number): LoopMonitor {
  let timer: NodeJS.Timeout | undefined;
  let beatAtMs = monotonicMs();
  let countedMs = 0;
  const sinceBeatMs = (): number => Math.min(monotonicMs() - beatAtMs, BEAT_COUNTED_MS_MAX);
  const beat = (): void => {
    countedMs += sinceBeatMs();
    beatAtMs = monotonicMs();
  };
  return {
    start() {
      if (timer) return;
      beat();
      timer = setInterval(beat, BEAT_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
    isStuck: () => timer !== undefined && monotonicMs() - beatAtMs > STUCK_MS,
    livedMs: () => countedMs + sinceBeatMs(),
  };
}
