import type { Update } from 'grammy/types';
import { ApiError } from './api-error.ts';

/** What a poll asks for: `offset` confirms everything below it, `timeoutSeconds` is how long to wait for the first update. */
export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  /** Undefined keeps the previous setting; empty means every type but those that must be asked for by name. */
  readonly allowedUpdates: readonly string[] | undefined;
}

/** Types that a bot gets only when it names them. */
const OPT_IN_TYPES = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
/** Longest wait that the real server grants. */
export const POLL_TIMEOUT_SECONDS_MAX = 50;
/** Beyond this the oldest updates are dropped, as Telegram drops those older than a day. */
const PENDING_UPDATES_MAX = 100_000;

interface WaitingPoll {
  finish(error: ApiError | null): void;
}

/**
 * The updates of one bot that are not yet confirmed, oldest first. They are given out again and again until a poll with a
 * higher offset (or a webhook's 2xx) confirms them. At most one poll waits; a newer one ends it with error 409.
 */
export class UpdateQueue {
  #updates: Update[] = [];
  #nextId: number;
  #allowed: ReadonlySet<string> | null = null;
  #waiting: WaitingPoll | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(firstUpdateId: number, restored: readonly Update[] = []) {
    this.#updates = [...restored];
    this.#nextId = firstUpdateId;
  }

  get nextUpdateId(): number {
    return this.#nextId;
  }

  get pendingCount(): number {
    return this.#updates.length;
  }

  get isPolling(): boolean {
    return this.#waiting !== null;
  }

  pending(): readonly Update[] {
    return this.#updates;
  }

  /** Queues an update unless its type is not wanted; gives its id in any case. */
  push(content: Omit<Update, 'update_id'>): number {
    const updateId = this.#nextId++;
    const type = Object.keys(content)[0] ?? '';
    if (this.#isWanted(type)) {
      this.#updates.push({ update_id: updateId, ...content });
      if (this.#updates.length > PENDING_UPDATES_MAX) this.#updates.shift();
      this.#waiting?.finish(null);
      for (const listener of this.#listeners) listener();
    }
    return updateId;
  }

  /** Calls back after each new update; gives the function that ends it. */
  onPush(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  allow(types: readonly string[] | undefined): void {
    if (types) this.#allowed = types.length === 0 ? null : new Set(types);
  }

  /** Waits up to the timeout for updates. Rejects with `ApiError` 409 when another poll takes over. */
  async poll(poll: Poll, signal: AbortSignal): Promise<readonly Update[]> {
    this.endWaitingPoll('terminated by other getUpdates request; make sure that only one bot instance is running');
    this.allow(poll.allowedUpdates);
    this.#confirm(poll.offset);
    if (this.#updates.length === 0 && poll.timeoutSeconds > 0) {
      await this.#wait(Math.min(poll.timeoutSeconds, POLL_TIMEOUT_SECONDS_MAX) * 1000, signal);
    }
    return this.#updates.slice(0, poll.limit);
  }

  /** Fails the poll that waits, if any, with error 409. */
  endWaitingPoll(reason: string): void {
    this.#waiting?.finish(new ApiError(409, `Conflict: ${reason}`));
  }

  /** Takes one update out, as a webhook's 2xx does. */
  remove(updateId: number): void {
    this.#updates = this.#updates.filter((update) => update.update_id !== updateId);
  }

  drop(): void {
    this.#updates = [];
  }

  /** A negative offset keeps that many of the newest and forgets the rest. */
  #confirm(offset: number): void {
    this.#updates = offset < 0 ? this.#updates.slice(offset) : this.#updates.filter((update) => update.update_id >= offset);
  }

  #isWanted(type: string): boolean {
    return this.#allowed ? this.#allowed.has(type) : !OPT_IN_TYPES.has(type);
  }

  #wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error: ApiError | null): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        if (this.#waiting === waiting) this.#waiting = null;
        if (error) reject(error);
        else resolve();
      };
      const onAbort = (): void => finish(null);
      const timer = setTimeout(onAbort, timeoutMs);
      const waiting: WaitingPoll = { finish };
      this.#waiting = waiting;
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
    });
  }
}
