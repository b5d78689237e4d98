import type { Logger } from '#server/lib/logger.ts';
import { createRepeater } from './repeat.ts';

export interface RollupLoopDeps {
  /** Brings what has changed into the rollups. */
  readonly fold: () => Promise<unknown>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

/** Reports are right whatever this is: it bounds what they have to add up themselves. */
const INTERVAL_MS = 5_000;

/** Folds changes into the rollups again and again. Any number of processes may run one: they take turns. */
export function createRollupLoop({ fold, logger, intervalMs = INTERVAL_MS }: RollupLoopDeps) {
  return createRepeater({ work: fold, onFailure: 'changes could not be brought into the rollups', logger, intervalMs });
}
