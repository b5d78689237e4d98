import { describeError } from '#server/errors.ts';
import { createBatcher } from '#server/lib/batcher.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import type { FinishedUpdate } from '#server/services/inbox/types.ts';
import type { Database } from './deps.ts';

const UPDATES_PER_STATEMENT_MAX = 64;
/** A database that blinks must not make a handled update be handled again. */
const TRIES_MAX = 5;
const RETRY_DELAY_MS = 300;

/** Ends updates, those that end together by one statement. Resolves to whether this call ended it; false also when the database stays away. */
export function createFinisher(db: Database, logger: Logger): (finished: FinishedUpdate) => Promise<boolean> {
  const finish = createBatcher<FinishedUpdate, boolean>((batch) => finishUpdates(db, batch), UPDATES_PER_STATEMENT_MAX);
  return async (finished) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await finish(finished);
      } catch (error) {
        logger.error({ updateId: finished.updateId, attempt, cause: describeError(error) }, 'update could not be finished');
        if (attempt === TRIES_MAX) return false;
        await sleep(RETRY_DELAY_MS * 2 ** attempt);
      }
    }
  };
}
