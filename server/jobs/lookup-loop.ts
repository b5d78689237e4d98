import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

export interface LookupLoopDeps {
  /** Looks up what is due; resolves to how many that were. */
  readonly lookUp: () => Promise<number>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 2_000;

/** Looks up costs as they become due, too often for a schedule. Any number of processes may run one. */
export function createLookupLoop({ lookUp, logger, intervalMs = INTERVAL_MS }: LookupLoopDeps) {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await lookUp().catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'costs could not be looked up'));
      await sleep(intervalMs, stopping.signal);
    }
  }

  return {
    /** Idempotent. */
    start(): void {
      running ??= run();
    },
    /** Waits for what is being looked up. Idempotent. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
