import type { Incident } from '#db/schema/index.ts';
import type { HealthCheckName, HealthCode } from '#server/contracts/vocabulary.ts';
import type { IncidentChange, ObservedIncident } from './types.ts';

/**
 * Whose row it is: nobody's yet; ours to end; another process's, who saw the same outage first; or `lost`: it was ours
 * until another process took us for dead.
 */
type Owner = 'nobody' | 'us' | 'other' | 'lost';

interface IncidentFacts {
  readonly check: HealthCheckName;
  readonly startedAt: Date;
  readonly openedAt: Date;
  readonly code: HealthCode | 'other';
  readonly detail: string | null;
  readonly maintenanceWindowId: number | null;
}

/** An incident in the memory of this process: what is known of it, what Postgres has of it, and what was told of it. */
export class TrackedIncident implements ObservedIncident {
  readonly check: HealthCheckName;
  readonly startedAt: Date;
  readonly openedAt: Date;
  readonly code: HealthCode | 'other';
  readonly detail: string | null;
  id: number | null = null;
  maintenanceWindowId: number | null;
  recoveredAt: Date | null = null;
  owner: Owner = 'nobody';
  /** Its end is on record. */
  isClosed = false;
  #opened: 'untold' | 'told' | 'kept' = 'untold';
  #recovered: 'untold' | 'told' | 'kept' = 'untold';

  constructor(facts: IncidentFacts) {
    this.check = facts.check;
    this.startedAt = facts.startedAt;
    this.openedAt = facts.openedAt;
    this.code = facts.code;
    this.detail = facts.detail;
    this.maintenanceWindowId = facts.maintenanceWindowId;
  }

  /** One that a process had told of before it died. */
  static takenOver(facts: IncidentFacts & { readonly id: number }): TrackedIncident {
    const incident = new TrackedIncident(facts);
    incident.id = facts.id;
    incident.owner = 'us';
    incident.#opened = 'told';
    return incident;
  }

  /** Postgres has something to learn of it. */
  get isOwed(): boolean {
    return this.owner === 'nobody' || (this.owner === 'us' && this.recoveredAt !== null && !this.isClosed);
  }

  /** This is what Postgres has of it. */
  take(row: Incident, processId: number): void {
    this.id = row.id;
    this.maintenanceWindowId = row.maintenanceWindowId;
    this.owner = row.processId === processId ? 'us' : 'other';
    this.isClosed = row.recoveredAt !== null;
  }

  /**
   * Tells what is to be told by now. What Postgres has not taken yet may be another process's to tell, so it is told only
   * when Postgres `isAway`. Each process that told of an outage tells of its end.
   */
  tell(observer: (change: IncidentChange) => void, isAway: boolean): void {
    if (this.#opened === 'untold' && (this.owner !== 'nobody' || isAway)) {
      this.#opened = this.owner === 'other' ? 'kept' : 'told';
      if (this.#opened === 'told') observer({ kind: 'opened', incident: this });
    }
    if (this.recoveredAt === null || this.#recovered !== 'untold' || this.#opened === 'untold') return;
    if (this.isOwed && !isAway) return;
    this.#recovered = this.#opened === 'told' && this.owner !== 'lost' ? 'told' : 'kept';
    if (this.#recovered === 'told') observer({ kind: 'recovered', incident: this });
  }
}
