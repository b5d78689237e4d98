/** Limits of one exchange, in milliseconds. The connect limit is the network client's own. */
export interface ExchangeTimeouts {
  /** From sending to the response's headers. */
  readonly firstByteMs: number;
  /** Between two pieces of the body, keep-alives included. */
  readonly idleMs: number;
  /** From sending to the last byte. */
  readonly totalMs: number;
}

/** The deadline that was missed. */
export type MissedDeadline = 'first_byte' | 'idle' | 'total';

/** Watches over one exchange: aborts its signal at the first deadline that is missed, and remembers which. */
export class Deadlines {
  readonly #controller = new AbortController();
  readonly #timeouts: ExchangeTimeouts;
  readonly #total: NodeJS.Timeout;
  #stage: NodeJS.Timeout;
  #missed: MissedDeadline | null = null;

  constructor(timeouts: ExchangeTimeouts) {
    this.#timeouts = timeouts;
    this.#total = setTimeout(() => this.#miss('total'), timeouts.totalMs);
    this.#stage = setTimeout(() => this.#miss('first_byte'), timeouts.firstByteMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null while every deadline was met. */
  get missed(): MissedDeadline | null {
    return this.#missed;
  }

  /** Something came: from now on silence is what counts. */
  noteProgress(): void {
    clearTimeout(this.#stage);
    this.#stage = setTimeout(() => this.#miss('idle'), this.#timeouts.idleMs);
  }

  /** Ends the watch. */
  clear(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#stage);
  }

  /** In words, for logs. */
  describeMissed(): string {
    switch (this.#missed) {
      case 'first_byte':
        return `no answer began within ${this.#timeouts.firstByteMs} ms`;
      case 'idle':
        return `the answer fell silent for ${this.#timeouts.idleMs} ms`;
      case 'total':
      case null:
        return `no full answer within ${this.#timeouts.totalMs} ms`;
    }
  }

  #miss(deadline: MissedDeadline): void {
    this.#missed ??= deadline;
    this.#controller.abort();
  }
}
