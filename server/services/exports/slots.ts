import { AppError } from '#server/errors.ts';

/** Exports that one process writes at the same time: each holds a part of what it may answer at once for as long as its reader takes. */
export const EXPORTS_AT_ONCE_MAX = 4;

/** A bounded number of places. */
export class Slots {
  readonly #max: number;
  #takenCount = 0;

  constructor(max: number = EXPORTS_AT_ONCE_MAX) {
    this.#max = max;
  }

  /** Takes a place until the given function is called, the first time. Throws `AppError` `too_many_requests` when there is none. */
  take(): () => void {
    if (this.#takenCount >= this.#max) throw new AppError('too_many_requests', 'Too many exports run at the moment. Try again when one has ended.');
    this.#takenCount += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#takenCount -= 1;
      isTaken = false;
    };
  }
}
