/** A longer time between two looks is the watcher's own absence: the whole process was frozen, or had no processor. */
const LOOK_INTERVAL_MS_MAX = 1_000;

/**
 * Watches a number that somebody keeps changing; returns a function that looks again and gives for how many milliseconds,
 * of those that the watcher itself was there, nothing has changed. To be called a few times a second.
 */
export function createPulseWatch(readPulse: () => number, monotonicMs: () => number = () => performance.now()): () => number {
  let pulse = readPulse();
  let lookedAtMs = monotonicMs();
  let stuckMs = 0;
  return () => {
    const nowMs = monotonicMs();
    const newPulse = readPulse();
    stuckMs = newPulse === pulse ? stuckMs + Math.min(nowMs - lookedAtMs, LOOK_INTERVAL_MS_MAX) : 0;
    pulse = newPulse;
    lookedAtMs = nowMs;
    return stuckMs;
  };
}
