import { setTimeout as delay } from 'node:timers/promises';
import { and, eq, isNotNull } from 'drizzle-orm';
import { aiUsage } from '#db/schema/index.ts';
import { AppError } from '#server/errors.ts';
import type { GenerationDeps } from './types.ts';

/** Waits before the tries: a database is back within minutes, or this process is soon gone too. */
const DELAYS_MS = [250, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 120_000];

/** What a booking that met an error came to: booked all the same, booked by somebody else, or not known. */
export type LateBooking = 'booked' | 'foreign' | 'unknown';

/** Whether a booking failed because the row is booked already. */
export function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.code === 'conflict';
}

/**
 * Books an end whose booking ended without a word, again and again, until the database says that it is booked: by one of
 * these tries, or by the first one, which had landed. Never rejects, and holds no process up that wants to end.
 */
export async function bookLate({ db, logger }: Pick<GenerationDeps, 'db' | 'logger'>, requestId: string, book: () => Promise<void>): Promise<LateBooking> {
  for (const delayMs of DELAYS_MS) {
    await delay(delayMs, undefined, { ref: false });
    const booking = await book().then(
      () => 'booked' as const,
      (error: unknown) => (isConflict(error) ? whoBooked(db, requestId).catch(() => 'unknown' as const) : 'unknown'),
    );
    if (booking !== 'unknown') return booking;
  }
  logger.error({ requestId }, 'the end of a generation could not be booked');
  return 'unknown';
}

/** An end is booked by the process that made the call alone; what the reconciler or a look-up closes has no duration. */
async function whoBooked(db: GenerationDeps['db'], requestId: string): Promise<LateBooking> {
  const [ended] = await db.select({ requestId: aiUsage.requestId }).from(aiUsage).where(and(eq(aiUsage.requestId, requestId), isNotNull(aiUsage.durationMs)));
  return ended ? 'booked' : 'foreign';
}
