import type { Logger } from '#server/lib/logger.ts';
import { createRepeater } from './repeat.ts';

export interface ParityLoopDeps {
  readonly compare: () => Promise<unknown>;
  readonly logger: Logger;
  readonly firstDelayMs?: number;
  readonly intervalMs?: number;
}

/** Long enough for a start to be over, short enough to be seen by who waits for it. */
const FIRST_DELAY_MS = 20_000;
const INTERVAL_MS = 60_000;

/** Compares counters and tables again and again. Every process runs its own, so it is no schedule. */
export function createParityLoop({ compare, logger, firstDelayMs = FIRST_DELAY_MS, intervalMs = INTERVAL_MS }: ParityLoopDeps) {
  return createRepeater({ work: compare, onFailure: 'counters and tables could not be compared', logger, firstDelayMs, intervalMs });
}
