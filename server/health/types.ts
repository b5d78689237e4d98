import type { HealthCheckName, HealthCode, HealthState } from '#server/contracts/vocabulary.ts';

/** What a check found. The message is shown to anybody: no hosts, no SQL, no exception text. */
export interface CheckResult {
  readonly state: HealthState;
  readonly code: HealthCode;
  readonly detail: string | null;
  readonly message: string;
}

/** Looks once. May reject or hang: the sampler turns both into `unhealthy`. Should end early when the signal aborts. */
export type CheckRun = (signal: AbortSignal) => Promise<CheckResult>;

/** A check and how it is sampled. */
export interface HealthCheck {
  readonly check: HealthCheckName;
  readonly run: CheckRun;
  /** What is said when a look rejects; its own text is logged only. */
  readonly failureCode: HealthCode;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** One finished look. */
export interface Sample extends CheckResult {
  readonly check: HealthCheckName;
  readonly latencyMs: number;
}
