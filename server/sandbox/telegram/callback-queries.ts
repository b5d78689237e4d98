import { randomInt } from 'node:crypto';

/** After this time the real server refuses answers to a pressed button. */
const LIFETIME_MS = 15 * 60_000;
/** Ids are as long as the real ones. */
const ID_DIGITS = 18;

/** The buttons that were pressed lately and may still be answered. */
export class CallbackQueries {
  readonly #pressedAtMs = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The id of a new callback query. */
  create(): string {
    for (const [id, pressedAtMs] of this.#pressedAtMs) {
      if (this.#nowMs() - pressedAtMs <= LIFETIME_MS) break;
      this.#pressedAtMs.delete(id);
    }
    const id = Array.from({ length: ID_DIGITS }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
    this.#pressedAtMs.set(id, this.#nowMs());
    return id;
  }

  /** Whether an answer still finds its query. */
  isOpen(id: string): boolean {
    const pressedAtMs = this.#pressedAtMs.get(id);
    return pressedAtMs !== undefined && this.#nowMs() - pressedAtMs <= LIFETIME_MS;
  }
}
