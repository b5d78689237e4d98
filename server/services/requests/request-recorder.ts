import type { Database } from '#db/client.ts';
import { AppError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import { appendRequests, findOutcome } from './append-requests.ts';
import { createRequestBook } from './request-book.ts';
import type { CountedRequest, RequestCount } from './types.ts';

/** Counts that are being written or could not be; they stay as they are until it is known that they were taken. */
interface Batch {
  readonly counts: readonly RequestCount[];
  /** By which transaction they may have been written; null: by none. */
  transactionId: string | null;
}

export interface RequestRecorder {
  /** Counts a request that ended now, in memory. Never throws. */
  record(request: CountedRequest): void;
  /** Writes what was counted, once and only once. Rejects when that failed, with all of it kept; calls at the same time share one run. */
  flush(): Promise<void>;
}

/** Counts the requests that one process answered, and writes them now and then. What is not written yet is lost with the process. */
export function createRequestRecorder({ db, clock }: { readonly db: Database; readonly clock: Clock }): RequestRecorder {
  const book = createRequestBook();
  let batch: Batch | null = null;
  let running: Promise<void> | null = null;

  async function writeBatch(current: Batch): Promise<void> {
    if (current.transactionId !== null) {
      const outcome = await findOutcome(db, current.transactionId);
      if (outcome === 'committed') return;
      if (outcome === 'in progress') throw new AppError('unavailable', 'Postgres has not decided yet on counts of requests');
      current.transactionId = null;
    }
    await appendRequests(db, current.counts, (id) => (current.transactionId = id));
  }

  async function write(): Promise<void> {
    if (batch) {
      await writeBatch(batch);
      batch = null;
    }
    const counts = book.take();
    if (counts.length === 0) return;
    batch = { counts, transactionId: null };
    await writeBatch(batch);
    batch = null;
  }

  return {
    record: (request) => book.add(request, clock.now().getTime()),
    flush: () => (running ??= write().finally(() => (running = null))),
  };
}
