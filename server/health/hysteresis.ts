import type { HealthState } from '#server/contracts/vocabulary.ts';

/** How many samples in a row it takes to change what is said of a check. */
export interface HysteresisLimits {
  readonly failures: number;
  readonly successes: number;
}

/** What is said of a check: it follows its samples, and a single odd one changes nothing. */
export interface Hysteresis {
  /** Null before the first sample. */
  readonly state: HealthState | null;
  /** Takes the next sample and returns what is said now. The first is believed, and so is everything about being disabled. */
  next(sampled: HealthState): HealthState;
  /** Something else than a sample tells that it is unhealthy: from now on good samples are needed. */
  fail(): void;
}

export function createHysteresis({ failures, successes }: HysteresisLimits): Hysteresis {
  let state: HealthState | null = null;
  let inARow = 0;
  const turn = (to: HealthState): HealthState => {
    state = to;
    inARow = 0;
    return to;
  };
  return {
    get state() {
      return state;
    },
    next(sampled) {
      if (state === null || state === sampled || state === 'disabled' || sampled === 'disabled') return turn(sampled);
      inARow += 1;
      return inARow >= (sampled === 'unhealthy' ? failures : successes) ? turn(sampled) : state;
    },
    fail: () => void turn('unhealthy'),
  };
}
