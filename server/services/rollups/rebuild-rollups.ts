import type { Database } from '#db/client.ts';
import { beginRebuild, findUnfinishedRebuild, finishRebuild, rebuildDay } from '#db/queries/rollups/rebuilds.ts';
import type { Clock } from '#server/lib/clock.ts';

export interface RebuildProgress {
  readonly doneDays: number;
  readonly totalDays: number;
  /** The day that is done by now, as `YYYY-MM-DD`. */
  readonly day: string;
}

export interface RebuildOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Ends it after the day in hand; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

const DAY_MS = 86_400_000;

/**
 * Makes all rollups anew from the raw rows, day by day, while everything else goes on: each day is one transaction, in which
 * reports see the old values or the new ones. A rebuild that was cut off is taken up where it was. Days whose raw rows are not kept any more
 * stay as they are. Resolves to whether it came to its end.
 */
export async function rebuildRollups({ db, clock, onProgress, signal }: RebuildOptions): Promise<boolean> {
  const rebuild = (await findUnfinishedRebuild(db)) ?? (await beginRebuild(db, clock.now()));
  if (!rebuild) return true;
  const totalDays = Math.round((rebuild.toDay.getTime() - rebuild.fromDay.getTime()) / DAY_MS);
  for (let dayMs = rebuild.doneUntil.getTime(); dayMs < rebuild.toDay.getTime(); dayMs += DAY_MS) {
    if (signal?.aborted) return false;
    const day = new Date(dayMs);
    await db.transaction((tx) => rebuildDay(tx, rebuild.id, day));
    onProgress?.({ doneDays: Math.round((dayMs - rebuild.fromDay.getTime()) / DAY_MS) + 1, totalDays, day: day.toISOString().slice(0, 10) });
  }
  await finishRebuild(db, clock.now());
  return true;
}
