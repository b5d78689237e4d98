import { PgBoss, type Job } from 'pg-boss';
import { describeError } from '#server/errors.ts';
import { JOBS, type JobName, type JobOutcome } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

/** The schema that the queue makes and keeps for itself. */
export const QUEUE_SCHEMA = 'pgboss';

/** How an attempt ended that did not reject, and when the same job is to be done again. */
export interface JobResult {
  readonly outcome: Extract<JobOutcome, 'ok' | 'retried'>;
  readonly again: SendOptions | null;
}

/** Does the job once. One that rejects is tried again with a growing delay; the signal aborts at a stop and when time is up. */
export type JobHandler = (data: unknown, signal: AbortSignal) => Promise<JobResult>;

export interface SendOptions {
  /** Of jobs that wait under one key there is at most one. */
  readonly key: string;
  /** Not before then; at once unless given. */
  readonly startAt?: Date;
}

export interface QueueDeps {
  /** Where its statements go. */
  readonly client: { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };
  readonly handlers: Readonly<Record<JobName, JobHandler>>;
  readonly onJobEnded: (job: { readonly job: JobName; readonly outcome: JobOutcome; readonly durationMs: number }) => void;
  readonly logger: Logger;
  readonly options?: Partial<QueueOptions>;
}

export interface QueueOptions {
  /** How often every process looks for jobs; what a process sends itself it does at once. */
  readonly pollingIntervalSeconds: number;
  /** Attempts after the first of a job that rejects. */
  readonly retryLimit: number;
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** Longest run of an attempt. */
  readonly expireInSeconds: number;
}

const DEFAULTS: QueueOptions = { pollingIntervalSeconds: 2, retryLimit: 10, retryDelaySeconds: 2, retryDelayMaxSeconds: 300, expireInSeconds: 120 };
/** How long jobs stay after their end. */
const KEPT_SECONDS = 7 * 86_400;
/** What a stop allows those that run, and then the queue itself. */
const DRAIN_MS = 3_000;
const STOP_MS = 5_000;
const START_ATTEMPTS = 3;

/** Jobs that survive a restart, each done by one process at a time. */
export interface Queue {
  /** Makes or updates the queue's tables, whatever number of processes start together, and begins to work. Idempotent. */
  start(): Promise<void>;
  /** Takes nothing new, and waits within bounds for what runs; what has not ended by then is done again later. Idempotent. */
  stop(): Promise<void>;
  /** Resolves when the job is stored, or when one that waits under the same key stands for it. */
  send(job: JobName, data: object, options: SendOptions): Promise<void>;
}

/** The queue of pg-boss, over our own connection. */
export function createQueue(deps: QueueDeps): Queue {
  const { client, handlers, logger } = deps;
  const options = { ...DEFAULTS, ...deps.options };
  const boss = new PgBoss({ db: client, schema: QUEUE_SCHEMA, schedule: false, registerInstance: false, reindex: false, monitorVacuum: false });
  const workers = new Map<string, string>();
  // Without a listener the first lost connection would end the process.
  boss.on('error', ({ message }) => logger.warn({ cause: message }, 'the job queue had an error'));
  boss.on('warning', ({ message }) => logger.warn({ message }, 'the job queue warns'));
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  async function send(job: JobName, data: object, { key, startAt }: SendOptions): Promise<void> {
    await boss.send(job, data, { singletonKey: key, ...(startAt ? { startAfter: startAt } : {}) });
    const worker = workers.get(job);
    if (worker !== undefined && !startAt) boss.notifyWorker(worker);
  }

  async function attempt(job: JobName, { data, signal, retryCount }: Job): Promise<void> {
    const startedAt = performance.now();
    const report = (outcome: JobOutcome) => deps.onJobEnded({ job, outcome, durationMs: performance.now() - startedAt });
    try {
      const { outcome, again } = await handlers[job](data, signal);
      if (again) await send(job, data, again);
      report(outcome);
    } catch (error) {
      logger.warn({ job, cause: describeError(error) }, 'a job failed');
      report(retryCount < options.retryLimit ? 'retried' : 'failed');
      throw error;
    }
  }

  async function start(): Promise<void> {
    await boss.start({ attempts: START_ATTEMPTS });
    for (const job of JOBS) {
      await boss.createQueue(job, {
        policy: 'short',
        retryLimit: options.retryLimit,
        retryDelay: options.retryDelaySeconds,
        retryBackoff: true,
        retryDelayMax: options.retryDelayMaxSeconds,
        expireInSeconds: options.expireInSeconds,
        deleteAfterSeconds: KEPT_SECONDS,
      });
      const worker = await boss.work<object>(job, { batchSize: 1, pollingIntervalSeconds: options.pollingIntervalSeconds }, async ([one]) => (one ? attempt(job, one) : undefined));
      workers.set(job, worker);
    }
  }

  async function stop(): Promise<void> {
    await starting?.catch(() => undefined);
    const giveUp = new AbortController();
    const ended = boss.stop({ graceful: true, timeout: DRAIN_MS }).catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'the job queue did not stop cleanly'));
    await Promise.race([ended, sleep(STOP_MS, giveUp.signal)]);
    giveUp.abort();
  }

  return { start: () => (starting ??= start()), stop: () => (stopping ??= stop()), send };
}
