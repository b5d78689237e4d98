import type { Logger } from './logger.ts';
import { sleep } from './sleep.ts';

/** One budget for a whole stop, below the 30 s after which Kubernetes and Railway kill. */
export const STOP_BUDGET_MS = 26_000;
/** What each part may count on, whatever the parts before it took. */
const RESERVE_MS = 300;

interface Part {
  readonly name: string;
  readonly stop: () => Promise<unknown> | void;
  readonly reserveMs: number;
}

/** Things that were started, to be stopped in the reverse order. */
export class Lifecycle {
  readonly #parts: Part[] = [];
  readonly #logger: Logger;
  readonly #budgetMs: number;
  #stopping: Promise<void> | undefined;

  constructor(logger: Logger, budgetMs = STOP_BUDGET_MS) {
    this.#logger = logger;
    this.#budgetMs = budgetMs;
  }

  /** Adds a part that now runs. `reserveMs` of the budget is kept for its stop, more when the others leave it. */
  add(name: string, stop: () => Promise<unknown> | void, reserveMs = RESERVE_MS): void {
    this.#parts.push({ name, stop, reserveMs });
  }

  /**
   * After `graceMs` stops all parts, the last added first, within the budget. One that fails is logged, one that takes
   * too long is left behind, and the others are stopped all the same. Idempotent.
   */
  stop(graceMs = 0): Promise<void> {
    this.#stopping ??= this.#stopAll(graceMs);
    return this.#stopping;
  }

  async #stopAll(graceMs: number): Promise<void> {
    const endsAtMs = performance.now() + this.#budgetMs;
    if (graceMs > 0) await sleep(graceMs);
    const parts = this.#parts.splice(0).reverse();
    for (const [index, part] of parts.entries()) {
      const keptMs = parts.slice(index + 1).reduce((sum, { reserveMs }) => sum + reserveMs, 0);
      const boundMs = Math.max(endsAtMs - performance.now() - keptMs, part.reserveMs);
      if (!(await this.#stopPart(part, boundMs))) this.#logger.error({ part: part.name, boundMs: Math.round(boundMs) }, 'a part did not stop in time');
    }
  }

  /** False when the part has not ended within the bound. */
  async #stopPart({ name, stop }: Part, boundMs: number): Promise<boolean> {
    const giveUp = new AbortController();
    const ended = (async () => stop())().then(
      () => true,
      (error: unknown) => {
        this.#logger.error({ part: name, err: error }, 'a part did not stop cleanly');
        return true;
      },
    );
    const bound = sleep(boundMs, giveUp.signal).then(() => false);
    const isEnded = await Promise.race([ended, bound]);
    giveUp.abort();
    return isEnded;
  }
}
