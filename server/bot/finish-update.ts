import { describeError } from '#server/errors.ts';
import { createBatcher } from '#server/lib/batcher.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import type { FinishedUpdate } from '#server/services/inbox/types.ts';
import type { Database } from './deps.ts';

const UPDATES_PER_STATEMENT_MAX = 64;
/** A database that is away for a minute must not make a handled update be handled again. */
const TRIES_MAX = 15;
const RETRY_DELAY_MS = 300;
const RETRY_DELAY_MS_MAX = 5_000;

/** Ends updates, those that end together by one statement. Resolves to whether this call ended it; false also when the database stays away. */
export function createFinisher(db: Database, logger: Logger, processId?: number): (finished: FinishedUpdate) => Promise<boolean> {
  const finish = createBatcher<FinishedUpdate, boolean>((batch) => finishUpdates(db, batch, processId), UPDATES_PER_STATEMENT_MAX);
  return async (finished) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await finish(attempt === 1 ? finished : { ...finished, isRepeated: true });
      } catch (error) {
        logger.error({ updateId: finished.updateId, attempt, cause: describeError(error) }, 'update could not be finished');
        if (attempt === TRIES_MAX) return false;
        await sleep(Math.min(RETRY_DELAY_MS * 2 ** attempt, RETRY_DELAY_MS_MAX));
      }
    }
  };
}
