import type { HealthCheckName, HealthCode, HealthState } from '#server/contracts/vocabulary.ts';
import type { HysteresisLimits } from './hysteresis.ts';

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
  /** The pace while the last sample contradicts what is said of the check, so that a change is confirmed soon. */
  readonly confirmMs: number;
  readonly timeoutMs: number;
  readonly hysteresis: HysteresisLimits;
  /** Longest time without a good sample before the check counts as unhealthy without waiting for bad ones. */
  readonly silenceMaxMs?: number;
}

/** One finished look. */
export interface Look extends CheckResult {
  readonly check: HealthCheckName;
  readonly latencyMs: number;
}

/** A look, and what is said of the check after it: that changes only after several in a row. */
export interface Sample extends Look {
  readonly reportedState: HealthState;
}
