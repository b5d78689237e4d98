import { openQueueClient } from '#db/queue-client.ts';
import type { JobName } from '../contracts/vocabulary.ts';
import { createQueue, type JobHandler, type Queue } from '../jobs/queue.ts';
import type { Parts } from './compose-input.ts';

/** What a stop keeps for jobs that run, however long other parts take. */
const QUEUE_STOP_MS = 5_500;

/** Starts the job queue of this process; its stop is part of the lifecycle. */
export async function startQueue({ store, metrics, logger, lifecycle }: Parts, handlers: Readonly<Record<JobName, JobHandler>>): Promise<Queue> {
  const client = openQueueClient(store.url);
  lifecycle.add('connections of the job queue', () => client.close());
  const queue = createQueue({ client, handlers, onJobEnded: (job) => metrics.jobs.recordJob(job), logger });
  lifecycle.add('job queue', () => queue.stop(), QUEUE_STOP_MS);
  await queue.start();
  return queue;
}
