import type { Update } from 'grammy/types';
import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { renewLeases, rescheduleUpdate } from '#server/services/inbox/leases.ts';
import type { ClaimedUpdate } from '#server/services/inbox/types.ts';
import type { Database, UpdateHandledEvent } from './deps.ts';
import { createFinisher } from './finish-update.ts';
import { updateAgeMs } from './update-age.ts';
import type { HandledUpdate, UpdateHandler } from './update-handler.ts';
import { INBOX_WORKER_DEFAULTS, retryDelayMs, type InboxWorkerOptions } from './worker-options.ts';

/** Under a backlog with fewer free places than this part of all, a claim waits a moment, so that one query fills several. */
const CLAIMS_PER_ROUND = 4;
const GATHER_MS = 5;

export interface InboxWorkerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly handler: UpdateHandler;
  readonly onUpdateHandled: (event: UpdateHandledEvent) => void;
  /** Told each time that the worker comes round, at least once a second while all is well. */
  readonly onRound?: (() => void) | undefined;
  /** Carried by the interactions that are recorded here. */
  readonly processId?: number | undefined;
  readonly options?: Partial<InboxWorkerOptions>;
}

/** Works through the inbox: chats in parallel, each chat in order, every update to exactly one end. */
export interface InboxWorker {
  /** Idempotent; returns at once, also when Telegram or the database is away. */
  start(): void;
  /** Something was stored: look now, not at the next second. */
  notify(): void;
  /** Takes nothing new and waits, within bounds, for what is being worked on. Idempotent. */
  stop(): Promise<void>;
}

/** See `InboxWorker`. Any number may run on one database. */
export function createInboxWorker(deps: InboxWorkerDeps): InboxWorker {
  return new DatabaseInboxWorker(deps);
}

class DatabaseInboxWorker implements InboxWorker {
  readonly #deps: InboxWorkerDeps;
  readonly #options: InboxWorkerOptions;
  readonly #finish: ReturnType<typeof createFinisher>;
  readonly #running = new Map<number, { readonly claim: ClaimedUpdate; readonly done: Promise<void> }>();
  readonly #stopping = new AbortController();
  #wake = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #isBacklogged = false;

  constructor(deps: InboxWorkerDeps) {
    this.#deps = deps;
    this.#options = { ...INBOX_WORKER_DEFAULTS, ...deps.options };
    this.#finish = createFinisher(deps.db, deps.logger, deps.processId);
  }

  start(): void {
    if (this.#loop || this.#stopping.signal.aborted) return;
    this.#loop = this.#run();
    this.#renewal = setInterval(() => void this.#renew(), this.#options.leaseMs / 3);
  }

  notify(): void {
    this.#wake.resolve();
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#drain());
  }

  async #run(): Promise<void> {
    await this.#prepare();
    while (!this.#stopping.signal.aborted) {
      this.#wake = Promise.withResolvers();
      this.#deps.onRound?.();
      await this.#claimFree();
      await firstOf(this.#wake.promise, this.#options.pollIntervalMs);
    }
  }

  async #prepare(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#deps.handler.prepare(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#deps.logger.error({ cause: describeError(error) }, 'Telegram does not tell who the bot is');
        await sleep(this.#options.prepareRetryMs, signal);
      }
    }
  }

  async #claimFree(): Promise<void> {
    const { db, clock, logger } = this.#deps;
    const { concurrencyMax } = this.#options;
    const isGatheringWorthwhile = this.#isBacklogged && concurrencyMax - this.#running.size < concurrencyMax / CLAIMS_PER_ROUND;
    if (isGatheringWorthwhile) await sleep(GATHER_MS, this.#stopping.signal);
    const limit = concurrencyMax - this.#running.size;
    if (limit <= 0) return;
    try {
      const claims = await claimUpdates(db, { limit, leaseMs: this.#options.leaseMs, now: clock.now() });
      this.#isBacklogged = claims.length === limit;
      for (const claim of claims) this.#launch(claim);
    } catch (error) {
      logger.warn({ cause: describeError(error) }, 'inbox could not be read');
      await sleep(this.#options.pollIntervalMs, this.#stopping.signal);
    }
  }

  #launch(claim: ClaimedUpdate): void {
    const done = this.#work(claim)
      .catch((error: unknown) => {
        this.#deps.logger.error({ updateId: claim.updateId, cause: describeError(error) }, 'update was left to its lease');
      })
      .finally(() => {
        this.#running.delete(claim.updateId);
        this.notify();
      });
    this.#running.set(claim.updateId, { claim, done });
  }

  async #work(claim: ClaimedUpdate): Promise<void> {
    const { db, handler } = this.#deps;
    const { attemptsMax } = this.#options;
    const startedAt = performance.now();
    // The inbox holds what Telegram sent, as it was.
    const update = claim.payload as Update;
    // More claims than attempts: each time the process ended under this update.
    const isSpent = claim.attempts > attemptsMax;
    const handled = isSpent ? await handler.giveUp(update) : await handler.handle(update, { isLast: claim.attempts === attemptsMax });
    if (handled.shouldRetry) {
      const delayMs = Math.max(retryDelayMs(claim.attempts, this.#options), handled.retryAfterMs);
      return rescheduleUpdate(db, claim, this.#inMs(delayMs));
    }
    await this.#end(claim, update, handled, Math.round(performance.now() - startedAt));
  }

  async #end(claim: ClaimedUpdate, update: Update, handled: HandledUpdate, durationMs: number): Promise<void> {
    const at = this.#deps.clock.now();
    const event: UpdateHandledEvent = {
      handler: handled.handler,
      operation: handled.operation,
      outcome: handled.errorType !== null ? 'failed' : handled.isLimited ? 'limited' : 'ok',
      errorType: handled.errorType,
      durationMs,
      updateAgeMs: updateAgeMs(update, claim.receivedAt, at),
      isRecorded: handled.userId !== null,
    };
    const { updateId, attempts } = claim;
    const isOurs = await this.#finish({ ...event, updateId, attempts, userId: handled.userId, readingSource: handled.readingSource, at });
    if (isOurs) this.#deps.onUpdateHandled(event);
  }

  async #renew(): Promise<void> {
    const claims = [...this.#running.values()].map(({ claim: { updateId, attempts } }) => ({ updateId, attempts }));
    try {
      await renewLeases(this.#deps.db, claims, this.#inMs(this.#options.leaseMs));
    } catch (error) {
      this.#deps.logger.warn({ cause: describeError(error) }, 'leases were not renewed');
    }
  }

  async #drain(): Promise<void> {
    this.#stopping.abort();
    this.notify();
    await this.#loop;
    await firstOf(Promise.all([...this.#running.values()].map(({ done }) => done)), this.#options.drainMs);
    clearInterval(this.#renewal);
    if (this.#running.size > 0) this.#deps.logger.warn({ count: this.#running.size }, 'updates were left to their leases');
  }

  #inMs(ms: number): Date {
    return new Date(this.#deps.clock.now().getTime() + ms);
  }
}

/** Resolves with the promise, or when the time is up; leaves no timer behind. */
async function firstOf(promise: Promise<unknown>, ms: number): Promise<void> {
  const pause = new AbortController();
  await Promise.race([promise, sleep(ms, pause.signal)]);
  pause.abort();
}
