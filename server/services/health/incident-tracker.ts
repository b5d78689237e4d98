import type { Database } from '#db/client.ts';
import { listOpenIncidents, listOpenWindows } from '#db/queries/incidents.ts';
import type { MaintenanceWindow } from '#db/schema/index.ts';
import { OPEN_WINDOWS_MAX } from '#server/contracts/health-history.ts';
import { HEALTH_CHECKS, type HealthCheckName } from '#server/contracts/vocabulary.ts';
import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { FLAP_RULES, QUIET, stepFlap, type FlapEvent, type FlapState } from './flap-control.ts';
import { codeOf } from './known-names.ts';
import { closeIncident, storeIncident, takeOverIncident } from './store-incident.ts';
import { TrackedIncident } from './tracked-incident.ts';
import type { HealthSample, IncidentChange } from './types.ts';

/** A process that has not been seen for so long is dead. */
const DEAD_MS = 60_000;
/** Who could not reach Postgres cannot know who lives: others get this long to be seen again. */
const SETTLING_MS = 15_000;
/** An incident that Postgres has not taken by then is told all the same. */
const STORE_WAIT_MS = 3_000;
/** Incidents that wait for Postgres. More than this many end within one outage of it only if something is badly wrong; the oldest are dropped. */
const OWED_MAX = 1_000;

export interface IncidentTrackerDeps {
  readonly db: Database;
  readonly processId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of each change once. Must not throw. */
  readonly onIncidentChange: (change: IncidentChange) => void;
  readonly storeWaitMs?: number;
}

type OpenIncident = Awaited<ReturnType<typeof listOpenIncidents>>[number];

/** One check as this process sees it. */
interface Watched {
  readonly check: HealthCheckName;
  state: FlapState;
  /** Of this process's own view; null while it sees no outage. */
  incident: TrackedIncident | null;
  /** Of an incident that was taken over: until then another process saw it last. */
  notOverBefore: Date | null;
}

/**
 * Makes incidents of samples, in memory, and puts them on record as soon as Postgres can be reached. Of several processes
 * that see an outage one writes it and ends it; when that one is dead, another takes it over.
 */
export class IncidentTracker {
  readonly #deps: IncidentTrackerDeps;
  readonly #watched: ReadonlyMap<HealthCheckName, Watched>;
  readonly #owed = new Set<TrackedIncident>();
  #windows: readonly MaintenanceWindow[] = [];
  /** One after the other; while Postgres hangs, all of it waits. */
  #work: Promise<void> = Promise.resolve();
  #reachedAtMs = -Infinity;
  #reachableSinceMs = Infinity;

  constructor(deps: IncidentTrackerDeps) {
    this.#deps = deps;
    this.#watched = new Map(HEALTH_CHECKS.map((check) => [check, { check, state: QUIET, incident: null, notOverBefore: null }]));
  }

  /** Notes a sample that was taken now. */
  observe(sample: HealthSample): void {
    const watched = this.#watched.get(sample.check);
    if (!watched) return;
    const now = this.#deps.clock.now();
    const { state, event } = stepFlap(watched.state, sample.state, now.getTime(), FLAP_RULES[sample.check]);
    watched.state = state;
    if (event) this.#change(watched, event, sample, now);
  }

  /** Writes what is owed, and learns what other processes wrote. Rejects when Postgres does not answer. */
  sync(): Promise<void> {
    return this.#enqueue(async () => {
      for (const incident of [...this.#owed]) await this.#settle(incident);
      const now = this.#deps.clock.now();
      this.#windows = await listOpenWindows(this.#deps.db, new Date(now.getTime() - DEAD_MS), OPEN_WINDOWS_MAX);
      await this.#reconcile(await listOpenIncidents(this.#deps.db));
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }

  #change(watched: Watched, event: NonNullable<FlapEvent>, { check, code, detail }: HealthSample, now: Date): void {
    const at = new Date(event.atMs);
    if (event.kind === 'opened') {
      watched.incident = new TrackedIncident({ check, startedAt: at, openedAt: now, code, detail, maintenanceWindowId: this.#windowAt(check, at) });
      watched.notOverBefore = null;
      this.#owe(watched.incident);
      return;
    }
    const { incident } = watched;
    if (!incident) return;
    incident.recoveredAt = latest(at, incident.startedAt, watched.notOverBefore ?? at);
    watched.incident = null;
    this.#owe(incident);
  }

  #windowAt(check: HealthCheckName, at: Date): number | null {
    const window = this.#windows.find(({ startsAt, endsAt, checks }) => startsAt <= at && endsAt > at && (checks.length === 0 || checks.includes(check)));
    return window?.id ?? null;
  }

  /** Writes at once, and tells then; but does not wait for Postgres for ever. */
  #owe(incident: TrackedIncident): void {
    this.#owed.add(incident);
    const [oldest] = this.#owed;
    if (this.#owed.size > OWED_MAX && oldest) this.#owed.delete(oldest);
    const wait = setTimeout(() => this.#tell(incident, true), this.#deps.storeWaitMs ?? STORE_WAIT_MS);
    void this.#enqueue(() => this.#settle(incident))
      .catch((error: unknown) => this.#deps.logger.warn({ check: incident.check, err: describeError(error) }, 'an incident waits for Postgres'))
      .finally(() => clearTimeout(wait));
  }

  #tell(incident: TrackedIncident, isAway: boolean): void {
    incident.tell(this.#deps.onIncidentChange, isAway);
  }

  async #settle(incident: TrackedIncident): Promise<void> {
    const { db, processId } = this.#deps;
    try {
      if (incident.owner === 'nobody') incident.take(await storeIncident(db, processId, incident), processId);
      this.#tell(incident, false);
      const { id, recoveredAt } = incident;
      if (incident.isOwed && id !== null && recoveredAt) {
        incident.owner = (await closeIncident(db, processId, { id, recoveredAt })) ? 'us' : 'lost';
        incident.isClosed = true;
      }
      this.#owed.delete(incident);
      this.#tell(incident, false);
    } catch (error) {
      this.#tell(incident, true);
      if (!isRefused(error)) throw error;
      this.#owed.delete(incident);
      this.#deps.logger.error({ check: incident.check, err: describeError(error) }, 'an incident cannot be put on record');
    }
  }

  async #reconcile(rows: readonly OpenIncident[]): Promise<void> {
    const nowMs = this.#deps.clock.now().getTime();
    if (nowMs - this.#reachedAtMs > SETTLING_MS) this.#reachableSinceMs = nowMs;
    this.#reachedAtMs = nowMs;
    for (const watched of this.#watched.values()) {
      const row = rows.find(({ incident }) => incident.check === watched.check);
      this.#compare(watched, row);
      if (row && this.#isOrphan(row, nowMs)) await this.#takeOver(watched, row);
    }
  }

  /** What this process took for its own or another's may have been ended, or taken, by another process since. */
  #compare(watched: Watched, row: OpenIncident | undefined): void {
    const { incident } = watched;
    if (!incident || incident.owner === 'nobody') return;
    if (row?.incident.id === incident.id) {
      if (incident.owner === 'us' && row.incident.processId !== this.#deps.processId) incident.owner = 'lost';
      return;
    }
    if (incident.owner === 'us') incident.owner = 'lost';
    incident.recoveredAt = latest(this.#deps.clock.now(), incident.startedAt);
    this.#tell(incident, false);
    watched.incident = null;
    // Whoever still sees it fail takes it for an outage of its own, from here on.
    watched.state = { ...watched.state, isOpen: false, failures: null };
  }

  #isOrphan({ incident, seenAt }: OpenIncident, nowMs: number): boolean {
    if (incident.processId === this.#deps.processId || nowMs - this.#reachableSinceMs < SETTLING_MS) return false;
    return seenAt === null || nowMs - seenAt.getTime() > DEAD_MS;
  }

  async #takeOver(watched: Watched, { incident: row, seenAt }: OpenIncident): Promise<void> {
    const { db, processId } = this.#deps;
    // One of our own that is not stored yet finds this row by itself.
    if (watched.incident && watched.incident.owner === 'nobody') return;
    if (!(await takeOverIncident(db, processId, { id: row.id, from: row.processId }))) return;
    const { check } = watched;
    watched.incident = TrackedIncident.takenOver({ ...row, check, code: codeOf(row.code) });
    watched.notOverBefore = seenAt;
    watched.state = { ...watched.state, isOpen: true };
  }
}

/** Postgres will not take these values at any other time either (classes 22 and 23); nothing else may wait for them. */
function isRefused(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && /^2[23]/.test(String(current.code))) return true;
  }
  return false;
}

function latest(...instants: readonly Date[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}
