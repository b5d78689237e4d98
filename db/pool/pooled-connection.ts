import type { Socket } from 'node:net';
import postgres from 'postgres';
import { connectOnce, type ConnectOptions } from '../connect.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';

export interface PooledConnectionOptions {
  readonly url: string;
  readonly driver: ConnectOptions;
  /** Longest wait for the answer to one statement, connecting included. */
  readonly answerMs: number;
  /** Told once, as soon as it cannot be used any more. */
  readonly onLost: (connection: PooledConnection) => void;
}

/**
 * One connection to Postgres for its whole life, by a client of the driver of its own that is thrown away with it. The
 * driver alone waits for ever for a server that says nothing, connects for ever to one that hangs up, and, once a
 * connection is lost in the middle of a transaction, writes into the void or into somebody else's. None of it can happen
 * to a client that never connects twice. One statement at a time.
 */
export class PooledConnection {
  readonly openedAtMs = performance.now();
  readonly #client: postgres.Sql;
  readonly #options: PooledConnectionOptions;
  #socket: Socket | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #askedCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: { readonly sinceMs: number; readonly reject: (error: unknown) => void } | null = null;
  #lostBy: unknown = null;
  #isAdmitted = false;

  constructor(options: PooledConnectionOptions) {
    this.#options = options;
    const driver = {
      ...options.driver,
      // The first thing that Postgres tells a client that it has let in.
      onparameter: () => void (this.#isAdmitted = true),
      onclose: () => this.lose(new DatabaseUnavailable('CONNECTION_LOST')),
    };
    this.#client = connectOnce(options.url, driver, {
      onSocket: (socket) => void (this.#socket = socket),
      onSecond: () => this.lose(new DatabaseUnavailable('CONNECTION_LOST')),
    });
  }

  get isLost(): boolean {
    return this.#lostBy !== null;
  }

  /** Whether Postgres let us in: before that, a failure is one of connecting. */
  get isAdmitted(): boolean {
    return this.#isAdmitted;
  }

  /** Since when a statement waits for its answer; null when none does. */
  get waitingSinceMs(): number | null {
    return this.#running?.sinceMs ?? null;
  }

  /** How values are read and written, which drizzle changes on the client that it is given. */
  shareTypes({ parsers, serializers }: Pick<postgres.Sql['options'], 'parsers' | 'serializers'>): void {
    Object.assign(this.#client.options.parsers, parsers);
    Object.assign(this.#client.options.serializers, serializers);
  }

  /** Runs one statement after those before it. Rejects in bounded time, whatever Postgres and the network do. */
  run<T>(ask: (client: postgres.Sql) => PromiseLike<T>): Promise<T> {
    const answer = this.#askedCount === 0 ? this.#run(ask) : this.#tail.then(() => this.#run(ask));
    this.#askedCount += 1;
    const settle = (): void => void (this.#askedCount -= 1);
    this.#tail = answer.then(settle, settle);
    return answer;
  }

  #run<T>(ask: (client: postgres.Sql) => PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isLost) return reject(new DatabaseUnavailable('CONNECTION_LOST', this.#lostBy));
      this.#running = { sinceMs: performance.now(), reject };
      this.#watch(this.#options.answerMs);
      const onAnswer = (rows: T): void => {
        this.#running = null;
        resolve(rows);
      };
      const onError = (error: unknown): void => {
        if (!(error instanceof postgres.PostgresError) || isFatal(error)) this.lose(error);
        this.#running = null;
        reject(error);
      };
      // The driver refuses some arguments by throwing.
      try {
        ask(this.#client).then(onAnswer, onError);
      } catch (error) {
        onError(error);
      }
    });
  }

  /** One timer for all statements, because there are many of them and hardly one that is late. */
  #watch(afterMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const running = this.#running;
      if (!running) return;
      const leftMs = running.sinceMs + this.#options.answerMs - performance.now();
      if (leftMs > 0) return this.#watch(leftMs);
      // After a blocked event loop the answer may lie in the socket, unread: that is looked at before anything is given up.
      setImmediate(() => {
        if (this.#running === running) this.lose(new DatabaseUnavailable('CONNECTION_SILENT'));
        else if (this.#running) this.#watch(this.#options.answerMs);
      });
    }, afterMs);
    // The socket keeps the process alive for as long as an answer is awaited.
    this.#timer.unref();
  }

  /** Gives it up: what waits for an answer is rejected with the error, and nothing is sent on it again. Idempotent. */
  lose(error: unknown): void {
    if (this.isLost) return;
    this.#lostBy = error;
    clearTimeout(this.#timer);
    this.#running?.reject(error);
    this.#socket?.destroy();
    this.#client.end({ timeout: 0 }).catch(() => undefined);
    this.#options.onLost(this);
  }

  /** Says goodbye to Postgres, when nothing waits for an answer; else as `lose`. */
  close(): void {
    if (this.isLost) return;
    const error = new DatabaseUnavailable('CONNECTION_ENDED');
    if (this.#running) return this.lose(error);
    this.#lostBy = error;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    // The driver waits for Postgres to hang up; a server that is frozen never does.
    void this.#client.end({ timeout: 1 }).finally(() => socket?.destroy());
    this.#options.onLost(this);
  }
}

function isFatal(error: postgres.PostgresError): boolean {
  return error.severity === 'FATAL' || error.severity === 'PANIC';
}
