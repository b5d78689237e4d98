/** A loop that goes on by itself comes round far more often, also while everything outside is away. */
const SILENCE_MAX_MS = 90_000;

/** Tells that a loop came round. */
export type Beat = () => void;

/** Keeps an eye on the loops that must go on for as long as the process lives. */
export interface Progress {
  /** Returns how this loop beats. From its first beat on it must. */
  watch(loop: string): Beat;
  /** Counts the silence of each loop since the look before. A blocked event loop looks at nothing, and so blames nobody. */
  look(sinceLookMs: number): void;
  /** The loops that have been silent for too long. */
  listStalled(): readonly string[];
}

export function createProgress(): Progress {
  const silentMs = new Map<string, number>();
  return {
    watch: (loop) => () => void silentMs.set(loop, 0),
    look: (sinceLookMs) => {
      for (const [loop, ms] of silentMs) silentMs.set(loop, ms + sinceLookMs);
    },
    listStalled: () => [...silentMs].flatMap(([loop, ms]) => (ms > SILENCE_MAX_MS ? [loop] : [])),
  };
}
