import { AppError } from '#server/errors.ts';

/** The text that the main loop renders, as the thread has it. */
export interface TextSource {
  /** What the main loop answered; null when it could not render. */
  receive(text: string | null): void;
  /** The newest text, or the last one when no newer comes in time. Rejects with `unavailable` when there was none yet. */
  next(): Promise<string>;
}

/** Asks the main loop, one question at a time: while it does not answer, it is not asked again. */
export function createTextSource(ask: () => void, waitMs: number): TextSource {
  let latest: string | null = null;
  let isAsked = false;
  const waiting = new Set<() => void>();
  const newer = () =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      waiting.add(end);
    });
  return {
    receive(text) {
      isAsked = false;
      latest = text ?? latest;
      for (const end of waiting) end();
    },
    async next() {
      const answered = newer();
      if (!isAsked) ask();
      isAsked = true;
      await answered;
      if (latest === null) throw new AppError('unavailable', 'The metrics cannot be read now.');
      return latest;
    },
  };
}
