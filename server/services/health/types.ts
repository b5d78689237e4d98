import type { HealthCheckName, HealthCode, HealthState } from '#server/contracts/vocabulary.ts';

/** One finished look at a check, as far as the history cares. */
export interface HealthSample {
  readonly check: HealthCheckName;
  readonly state: HealthState;
  readonly code: HealthCode;
  readonly detail: string | null;
  readonly latencyMs: number;
}

/** An outage as the process that saw it knows it. The same object is told again at its recovery, and is filled in meanwhile. */
export interface ObservedIncident {
  /** Null until Postgres has taken it. */
  readonly id: number | null;
  readonly check: HealthCheckName;
  /** The first failed sample. */
  readonly startedAt: Date;
  readonly openedAt: Date;
  /** The first healthy sample of those that ended it; null while it lasts. */
  readonly recoveredAt: Date | null;
  /** `other`: told by a process of another version, which died. */
  readonly code: HealthCode | 'other';
  readonly detail: string | null;
  /** It began inside this window: nobody is to be woken. */
  readonly maintenanceWindowId: number | null;
}

/** Each kind is told once per incident, in this order. */
export interface IncidentChange {
  readonly kind: 'opened' | 'recovered';
  readonly incident: ObservedIncident;
}

/** What is kept in memory until Postgres has it, of one check and minute. */
export interface SampledMinute {
  readonly check: HealthCheckName;
  /** Start of the UTC minute. */
  readonly minuteAt: number;
  healthyMs: number;
  unhealthyMs: number;
  disabledMs: number;
  /** Samples that measured something. */
  sampleCount: number;
  latencySumMs: number;
  latencyMaxMs: number;
}
