import { openQueueClient } from '#db/queue-client.ts';
import type { JobName } from '../contracts/vocabulary.ts';
import { createQueue, type JobHandler, type Queue, type QueueDeps } from '../jobs/queue.ts';
import { recordJobRun } from '../services/jobs/record-job-run.ts';
import { describeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';

/** What a stop keeps for jobs that run, however long other parts take. */
const QUEUE_STOP_MS = 5_500;

/** Starts the job queue of this process; its stop is part of the lifecycle. */
export async function startQueue(parts: Parts, handlers: Readonly<Record<JobName, JobHandler>>, clock: Clock): Promise<Queue> {
  const { store, logger, lifecycle } = parts;
  const client = openQueueClient(store.url);
  lifecycle.add('connections of the job queue', () => client.close());
  const queue = createQueue({ client, handlers, onJobEnded: observeJobs(parts, clock), logger });
  lifecycle.add('job queue', () => queue.stop(), QUEUE_STOP_MS);
  await queue.start();
  return queue;
}

/** Counts each attempt, and puts it on record for the reports; what cannot be written is missing there and hinders no job. */
export function observeJobs({ store: { db }, metrics, logger, lifecycle }: Pick<Parts, 'store' | 'metrics' | 'logger' | 'lifecycle'>, clock: Clock): QueueDeps['onJobEnded'] {
  const writing = new Set<Promise<void>>();
  lifecycle.add('records of jobs', () => Promise.all(writing));
  return (job) => {
    metrics.jobs.recordJob(job);
    const write = recordJobRun(db, { ...job, endedAt: clock.now() })
      .catch((error: unknown) => logger.warn({ job: job.job, cause: describeError(error) }, 'a run of a job is not on record'))
      .finally(() => writing.delete(write));
    writing.add(write);
  };
}
