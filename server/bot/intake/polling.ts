import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { apiSignal } from '../telegram-api.ts';
import { pollDelayMs } from './poll-delay.ts';

/** How long Telegram holds a poll that finds nothing. */
const POLL_SECONDS = 30;
/** The most that Telegram gives at once. */
const UPDATES_PER_POLL_MAX = 100;
/** What the features handle; everything else would only cost. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'pre_checkout_query', 'my_chat_member'] as const;

/** One finished poll. */
export interface PollEvent {
  readonly outcome: 'ok' | 'failed';
  readonly updateCount: number;
  readonly at: Date;
}

export interface PollingIntakeDeps {
  /** Without retries inside, so that every failure is seen here. */
  readonly api: Api;
  /** Resolves once the updates are stored for good. */
  readonly storeUpdates: (updates: readonly Update[], receivedAt: Date) => Promise<unknown>;
  readonly onStored: () => void;
  readonly onPoll: (event: PollEvent) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PollingIntake {
  /** Idempotent; returns at once. */
  start(): void;
  /** Ends the running poll without confirming anything that is not stored. Idempotent. */
  stop(): Promise<void>;
  /** End of the last poll that Telegram answered; null before the first. */
  lastPolledAt(): Date | null;
}

/**
 * Takes updates from Telegram by long polling: store, then confirm by the next poll's offset. What was stored but not
 * confirmed comes again and is recognised by its id, so nothing is lost and nothing is handled twice.
 */
export function createPollingIntake(deps: PollingIntakeDeps): PollingIntake {
  return new LongPolling(deps);
}

class LongPolling implements PollingIntake {
  readonly #deps: PollingIntakeDeps;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #polledAt: Date | null = null;
  #failures = 0;

  constructor(deps: PollingIntakeDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (!this.#stopping.signal.aborted) this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  lastPolledAt(): Date | null {
    return this.#polledAt;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    // A webhook that is still set would refuse every poll; what waits for us stays.
    await this.#persist(() => this.#deps.api.deleteWebhook({ drop_pending_updates: false }, apiSignal(signal)));
    let offset = 0;
    while (!signal.aborted) {
      const current = offset;
      offset = (await this.#persist(() => this.#poll(current))) ?? current;
    }
  }

  /** One poll; resolves to the offset that confirms what it brought. */
  async #poll(offset: number): Promise<number> {
    const { api, clock } = this.#deps;
    const options = { offset, limit: UPDATES_PER_POLL_MAX, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES };
    const updates = await api.getUpdates(options, apiSignal(this.#stopping.signal));
    const at = clock.now();
    this.#polledAt = at;
    const last = updates.at(-1);
    if (last) {
      await this.#deps.storeUpdates(updates, at);
      this.#deps.onStored();
    }
    this.#deps.onPoll({ outcome: 'ok', updateCount: updates.length, at });
    return last ? last.update_id + 1 : offset;
  }

  /** Runs a step until it succeeds; undefined when stopped before. */
  async #persist<T>(step: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const result = await step();
        this.#failures = 0;
        return result;
      } catch (error) {
        if (signal.aborted) return undefined;
        this.#failures += 1;
        const delayMs = pollDelayMs(error, this.#failures);
        this.#deps.onPoll({ outcome: 'failed', updateCount: 0, at: this.#deps.clock.now() });
        this.#deps.logger.warn({ cause: describeError(error), delayMs }, 'poll failed');
        await sleep(delayMs, signal);
      }
    }
    return undefined;
  }
}
