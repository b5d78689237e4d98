import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

export interface RepeatOptions {
  readonly work: () => Promise<unknown>;
  /** What the log says when it fails; it is done again all the same. */
  readonly onFailure: string;
  readonly logger: Logger;
  readonly firstDelayMs?: number;
  /** From the end of one to the begin of the next. */
  readonly intervalMs: number;
}

/** Work that every process does again and again, too often for a schedule or for itself alone. */
export function createRepeater({ work, onFailure, logger, firstDelayMs = 0, intervalMs }: RepeatOptions) {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    if (firstDelayMs > 0) await sleep(firstDelayMs, stopping.signal);
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => logger.warn({ cause: describeError(error) }, onFailure));
      await sleep(intervalMs, stopping.signal);
    }
  }

  return {
    /** Idempotent. */
    start(): void {
      running ??= run();
    },
    /** Waits for what is being done. Idempotent. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
