import { DatabaseUnavailable } from './database-unavailable.ts';
import { PooledConnection, type PooledConnectionOptions } from './pooled-connection.ts';

export interface ConnectionPoolOptions extends Omit<PooledConnectionOptions, 'onLost'> {
  readonly connectionsMax: number;
  /** Longest wait for a connection to become free. */
  readonly waitMs: number;
  /** Told of each new connection before its first statement. */
  readonly onOpened?: (connection: PooledConnection) => void;
}

/** Connections by what they do, and callers that wait for one. */
export interface PoolCounts {
  readonly active: number;
  readonly idle: number;
  readonly waiting: number;
}

interface Waiter {
  readonly resolve: (connection: PooledConnection) => void;
  readonly reject: (error: unknown) => void;
}

/** After a connection could not be made, how long nobody tries another: a Postgres that is away is not to be hammered. */
const CONNECT_PAUSE_MS = 200;
/** Postgres frees what a connection has gathered only with the connection. */
const CONNECTION_AGE_MAX_MS = 45 * 60_000;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Hands out connections, one user each at a time, and throws away those that are lost. Every wait has an end: for a free
 * connection, for connecting, for an answer. Connects on first use.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: PooledConnection[] = [];
  readonly #active = new Set<PooledConnection>();
  readonly #waiters = new Set<Waiter>();
  #refusal: { readonly error: unknown; readonly untilMs: number } | null = null;
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Gives a connection to `work` for as long as that takes. Rejects with `DatabaseUnavailable` when there is none in time. */
  async use<T>(work: (connection: PooledConnection) => Promise<T>): Promise<T> {
    const connection = this.#take() ?? (await this.#wait());
    try {
      return await work(connection);
    } catch (error) {
      if (connection.isLost && !connection.isAdmitted) this.#refusal = { error, untilMs: performance.now() + CONNECT_PAUSE_MS };
      throw error;
    } finally {
      this.#giveBack(connection);
    }
  }

  counts(): PoolCounts {
    return { active: this.#active.size, idle: this.#idle.length, waiting: this.#waiters.size };
  }

  /** Gives up the connections on which an answer is awaited for longer than this: for when Postgres is known not to answer. */
  cutSilent(olderThanMs: number): void {
    const beforeMs = performance.now() - olderThanMs;
    for (const connection of [...this.#active]) {
      const sinceMs = connection.waitingSinceMs;
      if (sinceMs !== null && sinceMs < beforeMs) connection.lose(new DatabaseUnavailable('CONNECTION_SILENT'));
    }
  }

  /** Takes no new work, lets the running end for at most five seconds, then cuts it. Idempotent. */
  close(): Promise<void> {
    return (this.#closing ??= this.#drain());
  }

  #take(): PooledConnection | null {
    if (this.#closing) throw new DatabaseUnavailable('CONNECTION_ENDED');
    const idle = this.#idle.pop();
    if (idle) {
      this.#active.add(idle);
      return idle;
    }
    if (this.#active.size >= this.#options.connectionsMax) return null;
    const { error, untilMs } = this.#refusal ?? { error: null, untilMs: 0 };
    if (performance.now() >= untilMs) return this.#open();
    // Others have a connection that may become free; with none at all, waiting would only be a slower refusal.
    if (this.#active.size > 0) return null;
    throw error;
  }

  #open(): PooledConnection {
    const { url, driver, answerMs, onOpened } = this.#options;
    const connection: PooledConnection = new PooledConnection({ url, driver, answerMs, onLost: (lost) => this.#forget(lost) });
    this.#active.add(connection);
    onOpened?.(connection);
    return connection;
  }

  #wait(): Promise<PooledConnection> {
    return new Promise((resolve, reject) => {
      const { waitMs } = this.#options;
      const timer = Number.isFinite(waitMs) ? setTimeout(() => settle(() => reject(new DatabaseUnavailable('CONNECTION_BUSY'))), waitMs) : undefined;
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        end();
      };
      const waiter: Waiter = {
        resolve: (connection) => settle(() => resolve(connection)),
        reject: (error) => settle(() => reject(error)),
      };
      this.#waiters.add(waiter);
    });
  }

  #giveBack(connection: PooledConnection): void {
    this.#active.delete(connection);
    if (!connection.isLost) {
      const isOld = performance.now() - connection.openedAtMs > CONNECTION_AGE_MAX_MS;
      if (isOld || (this.#closing && this.#waiters.size === 0)) connection.close();
      else this.#idle.push(connection);
    }
    this.#serveWaiters();
    if (this.#active.size === 0) this.#drained?.();
  }

  /** The longest waiting first; all of them are refused when there is nothing left to wait for. */
  #serveWaiters(): void {
    for (const waiter of [...this.#waiters]) {
      const idle = this.#idle.pop();
      if (idle) {
        this.#active.add(idle);
        waiter.resolve(idle);
        continue;
      }
      const isRefused = this.#refusal !== null && performance.now() < this.#refusal.untilMs;
      if (!isRefused && this.#active.size < this.#options.connectionsMax) waiter.resolve(this.#open());
      else if (isRefused && this.#active.size === 0) waiter.reject(this.#refusal?.error);
      else return;
    }
  }

  #forget(lost: PooledConnection): void {
    const index = this.#idle.indexOf(lost);
    if (index !== -1) this.#idle.splice(index, 1);
  }

  async #drain(): Promise<void> {
    // From here on `#take` refuses; callers that wait already are still served.
    await Promise.resolve();
    if (this.#active.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
      await Promise.race([bound, new Promise<void>((resolve) => (this.#drained = resolve))]);
      clearTimeout(timer);
    }
    for (const waiter of [...this.#waiters]) waiter.reject(new DatabaseUnavailable('CONNECTION_ENDED'));
    for (const connection of [...this.#idle, ...this.#active]) connection.close();
  }
}
