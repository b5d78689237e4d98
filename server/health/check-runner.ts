import type { Logger } from '#server/lib/logger.ts';
import { describeError } from '#server/errors.ts';
import { found } from './messages.ts';
import type { CheckResult, HealthCheck, Look } from './types.ts';

/** A look that was given up on may hold its resources this long before another is allowed beside it. */
const ABANDONED_MS = 30_000;

export interface CheckRunnerDeps {
  readonly check: HealthCheck;
  /** Returns after how long the next look is wanted. */
  readonly onLook: (look: Look) => number;
  readonly logger: Logger;
  readonly monotonicMs: () => number;
}

export interface CheckRunner {
  start(): void;
  stop(): void;
}

/**
 * Samples one check for ever: at once, then some time after each end. Looks never overlap: after a timeout the look is
 * aborted, and while it still has not ended, "no answer" is sampled instead of starting another on top of it.
 */
export function createCheckRunner({ check, onLook, logger, monotonicMs }: CheckRunnerDeps): CheckRunner {
  let isStopped = false;
  let isStarted = false;
  let timer: NodeJS.Timeout | undefined;
  let controller: AbortController | undefined;
  let openSinceMs: number | null = null;

  const noAnswer = (): CheckResult => found('unhealthy', 'timed_out', String(check.timeoutMs / 1_000));

  const look = async (): Promise<CheckResult> => {
    if (openSinceMs !== null && monotonicMs() - openSinceMs < ABANDONED_MS) return noAnswer();
    const startedMs = monotonicMs();
    const ownController = new AbortController();
    controller = ownController;
    openSinceMs = startedMs;
    let timeout: NodeJS.Timeout | undefined;
    const timedOut = new Promise<CheckResult>((resolve) => {
      const giveUp = (): void => {
        resolve(noAnswer());
        ownController.abort();
      };
      // After a blocked event loop the answer may be there, unread: that is looked at first.
      timeout = setTimeout(() => setImmediate(giveUp), check.timeoutMs);
    });
    // An async wrapper, so that a check that throws at once is caught too.
    const finished = (async () => check.run(ownController.signal))()
      .catch((error: unknown): CheckResult => {
        if (!ownController.signal.aborted) logger.warn({ check: check.check, err: describeError(error) }, 'health check failed');
        return found('unhealthy', check.failureCode);
      })
      .finally(() => {
        if (openSinceMs === startedMs) openSinceMs = null;
      });
    return Promise.race([finished, timedOut]).finally(() => clearTimeout(timeout));
  };

  const tick = async () => {
    // A look that still has not ended has been waited for since it began.
    const startedMs = openSinceMs ?? monotonicMs();
    const result = await look();
    if (isStopped) return;
    const nextMs = onLook({ check: check.check, ...result, latencyMs: monotonicMs() - startedMs });
    timer = setTimeout(() => void tick(), nextMs);
  };

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      void tick();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      controller?.abort();
    },
  };
}
