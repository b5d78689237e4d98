import type { Executor } from '#db/client.ts';
import { countEndedUpdates, NO_DEPTH, readJobDepths, readOpenUpdates, type QueueDepth } from '#db/queries/queue-depth.ts';
import { JOBS, type JobName, type QueueName } from '#server/contracts/vocabulary.ts';

/** Counting what has ended takes at most this part of the time, however much is kept. */
const REST_RATIO = 100;

type EndedCount = Pick<QueueDepth, 'failed' | 'completed'>;

/** Counts updates that have ended; the latest count while it is too dear to be made again. */
export type EndedCounter = (executor: Executor) => Promise<EndedCount>;

/** Makes a counter that rests after each count a hundred times as long as that took. */
export function createEndedCounter(monotonicMs: () => number = () => performance.now()): EndedCounter {
  let latest: EndedCount | undefined;
  let restsUntilMs = 0;
  return async (executor) => {
    const startedMs = monotonicMs();
    if (latest && startedMs < restsUntilMs) return latest;
    latest = await countEndedUpdates(executor);
    const endedMs = monotonicMs();
    restsUntilMs = endedMs + (endedMs - startedMs) * REST_RATIO;
    return latest;
  };
}

/** How much of each status is in each queue. */
export async function readQueueDepths(executor: Executor, now: Date, countEnded: EndedCounter): Promise<Record<QueueName, QueueDepth>> {
  const { pending, active, hasJobs } = await readOpenUpdates(executor, now);
  const ended = await countEnded(executor);
  const jobs = hasJobs ? await readJobDepths(executor) : new Map<string, QueueDepth>();
  return { inbox: { pending, active, ...ended }, ...depthsOf(jobs) };
}

function depthsOf(found: ReadonlyMap<string, QueueDepth>): Record<JobName, QueueDepth> {
  return Object.fromEntries(JOBS.map((job) => [job, found.get(job) ?? NO_DEPTH])) as Record<JobName, QueueDepth>;
}
