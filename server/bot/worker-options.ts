/** How the worker treats the inbox; tests shorten the times. */
export interface InboxWorkerOptions {
  /** Updates worked on at once, each of another chat. */
  readonly concurrencyMax: number;
  /** How long a claim holds without renewal: after a crash an update waits no longer. */
  readonly leaseMs: number;
  /** How often the inbox is looked at when nobody calls `notify`. */
  readonly pollIntervalMs: number;
  /** Claims of one update before it is given up. */
  readonly attemptsMax: number;
  /** Wait before the second attempt; doubled for each further one. */
  readonly retryDelayMs: number;
  readonly retryDelayMaxMs: number;
  /** Wait before Telegram is asked again who we are. */
  readonly prepareRetryMs: number;
  /** How long `stop` waits for updates that are being worked on. */
  readonly drainMs: number;
}

/** A model may take a minute, Telegram may ask to wait half a minute: more is a hang. */
export const UPDATE_DEADLINE_MS = 180_000;

export const INBOX_WORKER_DEFAULTS: InboxWorkerOptions = {
  concurrencyMax: 32,
  leaseMs: 30_000,
  pollIntervalMs: 1_000,
  attemptsMax: 10,
  retryDelayMs: 2_000,
  retryDelayMaxMs: 120_000,
  prepareRetryMs: 10_000,
  drainMs: 15_000,
};

/** The wait after a failed attempt, counted from 1: doubling, bounded. */
export function retryDelayMs(attempts: number, options: Pick<InboxWorkerOptions, 'retryDelayMs' | 'retryDelayMaxMs'>): number {
  return Math.min(options.retryDelayMs * 2 ** (attempts - 1), options.retryDelayMaxMs);
}
