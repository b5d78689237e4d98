import cluster, { type Worker } from 'node:cluster';
import { AppError } from '#server/errors.ts';
import type { MetricSnapshot } from '#server/metrics/snapshot.ts';
import { FromWorker, type ToWorker } from './messages.ts';

/** How long a web process may take to tell its metrics. */
const COLLECT_MS = 500;

export interface MemberEvents {
  readonly onCollected: (snapshot: MetricSnapshot) => void;
  readonly onLasting: (snapshot: MetricSnapshot) => void;
  readonly onRender: (id: number) => void;
  readonly onUpdatesStored: () => void;
}

/** One web process, as the main process sees it. */
export class Member {
  readonly startedAtMs = performance.now();
  /** Settles when it listens, or says why it cannot. */
  readonly listening: Promise<void>;
  /** What it ended with: a code, or a signal's name. */
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  readonly #collecting = new Map<number, () => void>();
  #collectCount = 0;
  #silentLooks = 0;

  constructor(events: MemberEvents) {
    const worker = cluster.fork();
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.listening = promise;
    worker.on('message', (raw: unknown) => {
      this.#silentLooks = 0;
      const message = FromWorker.parse(raw);
      if (message.type === 'listening') resolve();
      else this.#hear(message, events);
    });
    // A message to one that is just ending; its end is noticed by itself.
    worker.on('error', () => undefined);
    this.ended = new Promise((settle) => {
      worker.once('exit', (code, signal) => {
        const how = signal ?? String(code);
        reject(new AppError('unavailable', `A web process ended with ${how} before it listened.`));
        settle(how);
      });
    });
  }

  get id(): number {
    return this.#worker.id;
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /**
   * How many times in a row it was looked at without having been heard of. Not measured in time: after a pause of the main
   * process all are silent for as long, and what they said meanwhile is still to be read.
   */
  countSilentLook(): number {
    this.#silentLooks += 1;
    return this.#silentLooks;
  }

  send(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  /** Asks for all its metrics; settles when they came or after a while without. */
  collect(): Promise<void> {
    this.#collectCount += 1;
    const id = this.#collectCount;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#collecting.delete(id);
        resolve();
      };
      const timer = setTimeout(end, COLLECT_MS);
      this.#collecting.set(id, end);
      this.send({ type: 'collect', id });
    });
  }

  #hear(message: Exclude<FromWorker, { type: 'listening' }>, events: MemberEvents): void {
    switch (message.type) {
      case 'beat':
        return;
      case 'collected':
        events.onCollected(message.snapshot);
        this.#collecting.get(message.id)?.();
        return;
      case 'lasting':
        events.onLasting(message.snapshot);
        return;
      case 'render':
        events.onRender(message.id);
        return;
      case 'updates_stored':
        events.onUpdatesStored();
    }
  }
}
