import type { Clock } from '#server/lib/clock.ts';
import type { FaultQueue } from './fault-queue.ts';
import type { Journal } from './journal.ts';

/** What the endpoints share. */
export interface StandInContext {
  readonly seed: number;
  /** 0: everything at once; 1: as long as real models take. */
  readonly latencyScale: number;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultQueue;
  /** The limit of every key, in decimal US dollars; null: none. */
  readonly keyLimitUsd: string | null;
}
