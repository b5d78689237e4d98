import type { Logger } from './logger.ts';

/** Things that were started, to be stopped in the reverse order. */
export class Lifecycle {
  readonly #parts: { readonly name: string; readonly stop: () => Promise<unknown> | void }[] = [];
  readonly #logger: Logger;
  #stopping: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a part that now runs. */
  add(name: string, stop: () => Promise<unknown> | void): void {
    this.#parts.push({ name, stop });
  }

  /** Stops all parts, the last added first; one that fails is logged and the others are stopped all the same. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const { name, stop } of this.#parts.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        this.#logger.error({ part: name, err: error }, 'a part did not stop cleanly');
      }
    }
  }
}
