import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import type { ToldAlert } from '#server/services/alerts/told-alert.ts';
import { GATHER_MS } from '#server/services/alerts/types.ts';
import type { IncidentChange, ObservedIncident } from '#server/services/health/types.ts';

export interface AlertLoopDeps {
  /** Makes what is owed by the tables, except of these outages, and has it delivered; null when another process is at it. */
  readonly raise: (except: readonly ObservedIncident[], signal: AbortSignal) => Promise<number | null>;
  /** Writes down what was told while Postgres was away. */
  readonly record: (told: readonly ToldAlert[], signal: AbortSignal) => Promise<void>;
  /** Makes an alert of outages without Postgres. */
  readonly createTold: (incidents: readonly ObservedIncident[]) => ToldAlert;
  /** Tries the channels that have not been told. */
  readonly tell: (alert: ToldAlert, signal: AbortSignal) => Promise<ToldAlert>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options?: Partial<AlertLoopOptions>;
}

export interface AlertLoopOptions {
  /** How often is looked without a reason: for what a process that died has left. */
  readonly sweepMs: number;
  /** How often while something waits for Postgres. */
  readonly hastyMs: number;
  /** Postgres that has not answered by then counts as away. */
  readonly storeMs: number;
}

const DEFAULTS: AlertLoopOptions = { sweepMs: 30_000, hastyMs: 2_000, storeMs: 5_000 };
/** Outages are on record by then, if Postgres can be reached and takes them at all. */
const UNSTORED_MS = 60_000;

/** Turns outages into alerts. */
export interface AlertLoop {
  /** Idempotent. */
  start(): void;
  /** Ends attempts that run, and waits for them. Idempotent. */
  stop(): Promise<void>;
  /** The observer of outages; returns at once. */
  onIncidentChange(change: IncidentChange): void;
}

/** See `AlertLoop`. The tables say what is owed; memory serves only for as long as they cannot. */
export function createAlertLoop(deps: AlertLoopDeps): AlertLoop {
  return new TimedAlertLoop(deps);
}

class TimedAlertLoop implements AlertLoop {
  readonly #deps: AlertLoopDeps;
  readonly #options: AlertLoopOptions;
  readonly #stopping = new AbortController();
  /** Outages that no alert is known to speak of. */
  #opened: ObservedIncident[] = [];
  /** Told from memory and not written down. */
  #told: ToldAlert[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Infinity;
  #running: Promise<void> | undefined;
  #storing: Promise<unknown> | undefined;
  /** Another process is raising alerts: ours are for the next round. */
  #isBusy = false;

  constructor(deps: AlertLoopDeps) {
    this.#deps = deps;
    this.#options = { ...DEFAULTS, ...deps.options };
  }

  start(): void {
    this.#wakeIn(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  onIncidentChange({ kind, incident }: IncidentChange): void {
    if (kind === 'recovered') return this.#wakeIn(0);
    this.#opened.push(incident);
    this.#wakeIn(this.#untilRipeMs());
  }

  /** Looks again in so long, or sooner when that was planned already. */
  #wakeIn(ms: number): void {
    const dueAtMs = performance.now() + ms;
    if (this.#stopping.signal.aborted || dueAtMs >= this.#dueAtMs) return;
    clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#dueAtMs = Infinity;
    // One at a time; what came up meanwhile is looked at right after.
    if (this.#running) return void this.#running.then(() => this.#wakeIn(0));
    this.#running = this.#round().finally(() => {
      this.#running = undefined;
      this.#wakeIn(this.#nextLookMs());
    });
  }

  #nextLookMs(): number {
    const { sweepMs, hastyMs } = this.#options;
    if (this.#isBusy || this.#told.length > 0) return hastyMs;
    return this.#opened.length > 0 ? Math.max(this.#untilRipeMs(), hastyMs) : sweepMs;
  }

  async #round(): Promise<void> {
    const isStored = await this.#store();
    // What the tables have not taken by now although they can be reached, they never will.
    const untold = isStored ? this.#opened.filter(({ id, openedAt }) => id === null && this.#ageMs(openedAt) > UNSTORED_MS) : this.#ripe();
    if (untold.length > 0) {
      this.#opened = this.#opened.filter((incident) => !untold.includes(incident));
      this.#told.push(this.#deps.createTold(untold));
    }
    const told = [...this.#told];
    this.#told = await Promise.all(told.map((alert) => this.#deps.tell(alert, this.#stopping.signal)));
  }

  /** All that nobody was told of, once the first of them is old enough for the others to have joined it. */
  #ripe(): readonly ObservedIncident[] {
    this.#opened = this.#opened.filter(({ maintenanceWindowId }) => maintenanceWindowId === null);
    return this.#opened.some(({ openedAt }) => this.#ageMs(openedAt) >= GATHER_MS) ? this.#opened : [];
  }

  #untilRipeMs(): number {
    return Math.max(GATHER_MS - Math.max(...this.#opened.map(({ openedAt }) => this.#ageMs(openedAt))), 0);
  }

  #ageMs(at: Date): number {
    return this.#deps.clock.now().getTime() - at.getTime();
  }

  /** True when all that could be stored is, and what the tables owe is on its way. */
  async #store(): Promise<boolean> {
    // An attempt that was given up on holds a connection until it ends.
    if (this.#storing) return false;
    const givingUp = new AbortController();
    const signal = AbortSignal.any([givingUp.signal, this.#stopping.signal]);
    const storing = this.#recordAndRaise(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#deps.logger.warn({ cause: describeError(error) }, 'alerts cannot be stored');
      return false;
    });
    this.#storing = storing.finally(() => (this.#storing = undefined));
    const bounded = new AbortController();
    const isStored = await Promise.race([storing, sleep(this.#options.storeMs, bounded.signal).then(() => false)]);
    bounded.abort();
    givingUp.abort();
    return isStored;
  }

  async #recordAndRaise(signal: AbortSignal): Promise<boolean> {
    const { record, raise } = this.#deps;
    const ready = this.#told.filter(({ incidents }) => incidents.every(({ id }) => id !== null));
    if (ready.length > 0) {
      await record(ready, signal);
      this.#told = this.#told.filter((alert) => !ready.includes(alert));
    }
    const covered = this.#ripe().filter(({ id }) => id !== null);
    // What is told, and gets on record while we look, is not to be told again.
    this.#isBusy = (await raise(this.#told.flatMap(({ incidents }) => incidents), signal)) === null;
    if (!this.#isBusy) this.#opened = this.#opened.filter((incident) => !covered.includes(incident));
    return true;
  }
}
