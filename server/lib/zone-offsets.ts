import { tzOffset } from '@date-fns/tz';

/** A stretch of time in which the clocks of a zone are equally far from UTC. */
export interface OffsetSpan {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  /** Local less UTC. */
  readonly offsetMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** No zone has changed its clock twice within a day since 2000. */
const STEP_MS = 86_400_000;
/** Spans are kept by chunks of time: the years 2000 to 2100 are some 1150 of them. */
const CHUNK_MS = 32 * STEP_MS;
const chunksByZone = new Map<string, Map<number, readonly OffsetSpan[]>>();

/** Local less UTC at an instant. */
export function offsetMs(atMs: number, timeZone: string): number {
  return tzOffset(timeZone, new Date(atMs)) * MINUTE_MS;
}

/** The spans that make up [fromMs, untilMs), in their order; neighbours differ. Asking the time zone data is slow, so it is done once. */
export function offsetSpans(timeZone: string, fromMs: number, untilMs: number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  for (let chunk = Math.floor(fromMs / CHUNK_MS); chunk * CHUNK_MS < untilMs; chunk += 1) {
    for (const span of chunkSpans(timeZone, chunk)) {
      const cut = { ...span, fromMs: Math.max(span.fromMs, fromMs), untilMs: Math.min(span.untilMs, untilMs) };
      if (cut.fromMs >= cut.untilMs) continue;
      const last = spans.at(-1);
      if (last?.offsetMs === cut.offsetMs) spans[spans.length - 1] = { ...last, untilMs: cut.untilMs };
      else spans.push(cut);
    }
  }
  return spans;
}

function chunkSpans(timeZone: string, chunk: number): readonly OffsetSpan[] {
  const chunks = chunksByZone.get(timeZone) ?? new Map<number, readonly OffsetSpan[]>();
  chunksByZone.set(timeZone, chunks);
  const spans = chunks.get(chunk) ?? findSpans(timeZone, chunk * CHUNK_MS, (chunk + 1) * CHUNK_MS);
  chunks.set(chunk, spans);
  return spans;
}

function findSpans(timeZone: string, fromMs: number, untilMs: number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let current = { fromMs, offsetMs: offsetMs(fromMs, timeZone) };
  for (let atMs = fromMs + STEP_MS; atMs <= untilMs; atMs += STEP_MS) {
    const offset = offsetMs(atMs, timeZone);
    if (offset === current.offsetMs) continue;
    const changeMs = findChange(timeZone, atMs - STEP_MS, atMs);
    // A change at the very end belongs to the next chunk.
    if (changeMs === untilMs) break;
    spans.push({ ...current, untilMs: changeMs });
    current = { fromMs: changeMs, offsetMs: offset };
  }
  return [...spans, { ...current, untilMs }];
}

/** The first instant, to the second, at which the clock stands as at `afterMs`. */
function findChange(timeZone: string, beforeMs: number, afterMs: number): number {
  const before = offsetMs(beforeMs, timeZone);
  let [low, high] = [beforeMs / SECOND_MS, afterMs / SECOND_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle * SECOND_MS, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
