import cluster from 'node:cluster';
import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import type { MetricSnapshot } from '#server/metrics/snapshot.ts';
import { Member } from './member.ts';
import type { SharedHealth, ToWorker, WebBrief } from './messages.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

export interface WorkerPoolDeps {
  readonly workerCount: number;
  readonly brief: WebBrief;
  /** What the main process knows of health; read whenever it is told to the others. */
  readonly readHealth: () => SharedHealth;
  readonly ownSnapshot: () => Promise<MetricSnapshot>;
  /** The page that all processes answer with, rendered once a second at most. */
  readonly render: () => Promise<string>;
  /** A web process stored updates: they can be worked on at once. */
  readonly onUpdatesStored: () => void;
  readonly logger: Logger;
}

const HEALTH_INTERVAL_MS = 500;
/** A web process beats once a second; one that is silent for so many looks is stuck, and is replaced. */
const SILENT_LOOKS_MAX = 15;
const LOOK_MS = 1_000;
/** A process that ends so soon after its start is not started again at once. */
const EARLY_END_MS = 5_000;
const RESTART_DELAY_MS = 2_000;
const DRAIN_MS = 7_000;

/** The web processes: replaces one that ends, combines their metrics, tells them what health is. */
export class WorkerPool {
  readonly #deps: WorkerPoolDeps;
  readonly #members = new Map<number, Member>();
  readonly #metrics = createWorkerMetrics();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #listening = new Set<number>();
  #stopping: Promise<void> | undefined;

  constructor(deps: WorkerPoolDeps) {
    this.#deps = deps;
  }

  /** Starts all web processes; rejects when one of them cannot begin to listen. */
  async start(): Promise<void> {
    cluster.setupPrimary({ serialization: 'advanced' });
    await Promise.all(Array.from({ length: this.#deps.workerCount }, () => this.#startOne()));
    this.#timers.push(
      setInterval(() => this.shareHealth(), HEALTH_INTERVAL_MS),
      setInterval(() => this.#endSilentOnes(), LOOK_MS),
    );
  }

  /** The metrics of all processes as text 0.0.4. A process that does not answer in time is shown as it last was. */
  async renderText(): Promise<string> {
    await Promise.all([...this.#members.values()].map((member) => member.collect()));
    return this.#metrics.render(await this.#deps.ownSnapshot());
  }

  /** Whether at least one web process takes requests. */
  isAnswering(): boolean {
    return this.#listening.size > 0;
  }

  /** Tells all web processes at once what health is now. */
  shareHealth(): void {
    this.#broadcast({ type: 'health', health: this.#deps.readHealth() });
  }

  /** Lets them end their requests, and ends those that take too long. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  async #startOne(): Promise<void> {
    const member = new Member({
      onCollected: (snapshot) => this.#metrics.noteCollected(member.id, snapshot),
      onLasting: (snapshot) => this.#metrics.noteLasting(member.id, snapshot),
      onRender: (id) => void this.#answerRender(member, id),
      onUpdatesStored: this.#deps.onUpdatesStored,
    });
    this.#members.set(member.id, member);
    void member.ended.then((how) => this.#replace(member, how));
    member.send({ type: 'brief', brief: this.#deps.brief, health: this.#deps.readHealth() });
    await member.listening;
    this.#listening.add(member.id);
  }

  async #replace(ended: Member, how: string): Promise<void> {
    this.#members.delete(ended.id);
    this.#listening.delete(ended.id);
    this.#metrics.retire(ended.id);
    if (this.#stopping) return;
    this.#deps.logger.error({ pid: ended.pid, how }, 'a web process ended; another takes its place');
    if (performance.now() - ended.startedAtMs < EARLY_END_MS) await sleep(RESTART_DELAY_MS);
    if (this.#stopping) return;
    await this.#startOne().catch((error: unknown) => this.#deps.logger.error({ cause: describeError(error) }, 'a web process could not begin'));
  }

  async #answerRender(member: Member, id: number): Promise<void> {
    const text = await this.#deps.render().catch((error: unknown) => {
      this.#deps.logger.error({ cause: describeError(error) }, 'metrics could not be combined');
      return null;
    });
    member.send({ type: 'rendered', id, text });
  }

  #broadcast(message: ToWorker): void {
    for (const member of this.#members.values()) member.send(message);
  }

  #endSilentOnes(): void {
    for (const member of this.#members.values()) if (member.countSilentLook() > SILENT_LOOKS_MAX) member.kill();
  }

  async #drain(): Promise<void> {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.#broadcast({ type: 'drain' });
    const members = [...this.#members.values()];
    const late = setTimeout(() => members.forEach((member) => member.kill()), DRAIN_MS);
    await Promise.all(members.map(({ ended }) => ended));
    clearTimeout(late);
  }
}
