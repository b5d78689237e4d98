import type { HealthCheckName, HealthState } from '#server/contracts/vocabulary.ts';
import { FRESH_MS } from './fresh.ts';

/** When failures make an outage, and when it is over. */
export interface FlapRules {
  /** So many failed samples in a row open an incident, once they have lasted so long: the pace of samples is not always the same. */
  readonly failureCount: number;
  readonly failureMs: number;
  /** So many healthy samples in a row end it, once they have lasted as long as the cool-down: who fails again before is in the same incident. */
  readonly recoveryCount: number;
  readonly coolDownMs: number;
  /** A longer time without a sample ends a row: nobody knows what was in between. */
  readonly silenceMs: number;
}

const COOL_DOWN_MS = 60_000;

/**
 * The database is looked at several times a second, where three failures may be a blink; the others once or twice a
 * minute, and again after five seconds when one fails.
 */
export const FLAP_RULES: Readonly<Record<HealthCheckName, FlapRules>> = {
  database: { failureCount: 3, failureMs: 2_000, recoveryCount: 3, coolDownMs: COOL_DOWN_MS, silenceMs: FRESH_MS.database },
  scheduler: { failureCount: 2, failureMs: 4_000, recoveryCount: 2, coolDownMs: COOL_DOWN_MS, silenceMs: FRESH_MS.scheduler },
  openrouter: { failureCount: 2, failureMs: 4_000, recoveryCount: 2, coolDownMs: COOL_DOWN_MS, silenceMs: FRESH_MS.openrouter },
  telegram: { failureCount: 2, failureMs: 4_000, recoveryCount: 2, coolDownMs: COOL_DOWN_MS, silenceMs: FRESH_MS.telegram },
};

/** Samples in a row that found the same. */
interface Run {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly count: number;
}

export interface FlapState {
  readonly isOpen: boolean;
  readonly failures: Run | null;
  readonly successes: Run | null;
}

/** `atMs`: the first failure, or the first success, of those that decided it. */
export type FlapEvent = { readonly kind: 'opened' | 'recovered'; readonly atMs: number } | null;

export const QUIET: FlapState = { isOpen: false, failures: null, successes: null };

/** What one more sample makes of a check. Disabled, a check is neither: it begins no outage and ends none. */
export function stepFlap(state: FlapState, found: HealthState, atMs: number, rules: FlapRules): { readonly state: FlapState; readonly event: FlapEvent } {
  const failures = found === 'unhealthy' ? extend(state.failures, atMs, rules.silenceMs) : null;
  const successes = found === 'healthy' ? extend(state.successes, atMs, rules.silenceMs) : null;
  if (!state.isOpen && failures && isOutage(failures, rules)) {
    return { state: { isOpen: true, failures, successes }, event: { kind: 'opened', atMs: failures.firstAtMs } };
  }
  if (state.isOpen && successes && isRecovery(successes, rules)) {
    return { state: { isOpen: false, failures, successes }, event: { kind: 'recovered', atMs: successes.firstAtMs } };
  }
  return { state: { isOpen: state.isOpen, failures, successes }, event: null };
}

function extend(run: Run | null, atMs: number, silenceMs: number): Run {
  if (!run || atMs - run.lastAtMs > silenceMs) return { firstAtMs: atMs, lastAtMs: atMs, count: 1 };
  return { firstAtMs: run.firstAtMs, lastAtMs: atMs, count: run.count + 1 };
}

function lastedMs({ firstAtMs, lastAtMs }: Run): number {
  return lastAtMs - firstAtMs;
}

function isOutage(failures: Run, { failureCount, failureMs }: FlapRules): boolean {
  return failures.count >= failureCount && lastedMs(failures) >= failureMs;
}

function isRecovery(successes: Run, { recoveryCount, coolDownMs }: FlapRules): boolean {
  return successes.count >= recoveryCount && lastedMs(successes) >= coolDownMs;
}
