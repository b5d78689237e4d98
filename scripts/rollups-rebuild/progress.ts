import type { RebuildProgress } from '#server/services/rollups/rebuild-rollups.ts';

const BAR_CHARS = 30;
const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 1_000;
/** Back to the first column, and empty to the end of the line. */
const CLEAR = '\r\u001b[K';

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far the rebuild is: a bar on a terminal, a line each second elsewhere. The first day and the last are always told. */
export function createProgress(screen: Screen, now: () => number = () => performance.now()) {
  const isTerminal = screen.isTTY === true;
  let shownAt = -Infinity;
  let isBarShown = false;

  /** Removes the bar, so that something else can be printed. */
  function clear(): void {
    if (isBarShown) screen.write(CLEAR);
    isBarShown = false;
  }

  function show({ doneDays, totalDays, day }: RebuildProgress): void {
    const at = now();
    if (doneDays < totalDays && at - shownAt < (isTerminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    shownAt = at;
    const filled = Math.round((doneDays / totalDays) * BAR_CHARS);
    const text = `${day}, ${doneDays} of ${totalDays} ${totalDays === 1 ? 'day' : 'days'}`;
    screen.write(isTerminal ? `${CLEAR}[${'#'.repeat(filled)}${'-'.repeat(BAR_CHARS - filled)}] ${text}` : `${text}\n`);
    isBarShown = isTerminal;
  }

  return { show, clear };
}
