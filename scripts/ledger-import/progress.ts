import type { ImportProgress } from '#server/services/imports/types.ts';

const BAR_CHARS = 30;
const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 5_000;
/** Back to the first column, and empty to the end of the line. */
const CLEAR = '\r\u001b[K';

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far the import is: a bar on a terminal, a line every few seconds elsewhere. */
export function createProgress(screen: Screen, now: () => number = () => performance.now()) {
  const isTerminal = screen.isTTY === true;
  const startedAt = now();
  let shownAt = startedAt;
  let isBarShown = false;

  /** Removes the bar, so that something else can be printed. */
  function clear(): void {
    if (isBarShown) screen.write(CLEAR);
    isBarShown = false;
  }

  function show(progress: ImportProgress): void {
    const at = now();
    if (at - shownAt < (isTerminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    shownAt = at;
    const text = render(progress, (at - startedAt) / 1_000);
    screen.write(isTerminal ? `${CLEAR}${renderBar(progress)} ${text}` : `${text}\n`);
    isBarShown = isTerminal;
  }

  return { show, clear };
}

function shareOf({ bytesRead, bytesTotal }: ImportProgress): number {
  return bytesTotal === 0 ? 1 : Math.min(1, bytesRead / bytesTotal);
}

function renderBar(progress: ImportProgress): string {
  const filled = Math.round(shareOf(progress) * BAR_CHARS);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CHARS - filled)}]`;
}

function render(progress: ImportProgress, seconds: number): string {
  const perSecond = Math.round(progress.lineCount / Math.max(seconds, 0.001));
  return `${Math.floor(shareOf(progress) * 100)} %, ${progress.lineCount.toLocaleString('en')} lines, ${perSecond.toLocaleString('en')} lines/s`;
}
