import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

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
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    await sleep(firstDelayMs, stopping.signal);
    while (!stopping.signal.aborted) {
      await compare().catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'counters and tables could not be compared'));
      await sleep(intervalMs, stopping.signal);
    }
  }

  return {
    /** Idempotent. */
    start(): void {
      running ??= run();
    },
    /** Waits for a running comparison. Idempotent. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
