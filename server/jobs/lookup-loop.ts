import type { Logger } from '#server/lib/logger.ts';
import { createRepeater } from './repeat.ts';

export interface LookupLoopDeps {
  /** Looks up what is due; resolves to how many that were. */
  readonly lookUp: () => Promise<number>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 2_000;

/** Looks up costs as they become due, too often for a schedule. Any number of processes may run one. */
export function createLookupLoop({ lookUp, logger, intervalMs = INTERVAL_MS }: LookupLoopDeps) {
  return createRepeater({ work: lookUp, onFailure: 'costs could not be looked up', logger, intervalMs });
}
