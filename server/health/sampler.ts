import type { HealthCheckReport } from '#server/contracts/health.ts';
import type { HealthPort } from '#server/contracts/load-context.ts';
import type { HealthCheckName } from '#server/contracts/vocabulary.ts';
import type { Logger } from '#server/lib/logger.ts';
import { createCheckRunner, type CheckRunner } from './check-runner.ts';
import { describeFinding } from './messages.ts';
import type { HealthCheck, Sample } from './types.ts';

/** Readiness needs an answer of Postgres that is no older. One failed look is thereby forgiven; recovery is immediate. */
const DATABASE_ANSWER_AGE_MAX_MS = 5_000;
/** A sample older than this many rounds (interval and timeout) is no longer believed. */
const FRESH_ROUNDS = 3;

export interface HealthSamplerDeps {
  readonly checks: readonly HealthCheck[];
  readonly logger: Logger;
  /** Told of every sample; for metrics and history. Must not throw. */
  readonly onSample?: (sample: Sample) => void;
  /** A clock that never jumps. */
  readonly monotonicMs?: () => number;
}

export interface HealthSampler extends HealthPort {
  /** Begins to sample. Idempotent. */
  start(): void;
  /** Ends sampling; the last samples stay readable and grow old. Idempotent. */
  stop(): void;
  /** The schema is the one that this program needs: without this call it is never ready. */
  markSchemaCurrent(): void;
  /** First act of a shutdown: not ready from now on. */
  markStopping(): void;
}

interface TakenSample extends Sample {
  readonly takenAtMs: number;
}

/**
 * Looks at everything in the background and answers from memory: a probe costs nothing and causes nothing. `report`
 * shows samples as they are, without hysteresis; whoever alerts on them decides how many make an outage.
 */
export function createHealthSampler(deps: HealthSamplerDeps): HealthSampler {
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const samples = new Map<HealthCheckName, TakenSample>();
  let databaseAnsweredAtMs = -Infinity;
  let isSchemaCurrent = false;
  let isStopping = false;

  const onSample = (sample: Sample) => {
    const previous = samples.get(sample.check);
    const takenAtMs = monotonicMs();
    samples.set(sample.check, { ...sample, takenAtMs });
    if (sample.check === 'database' && sample.state === 'healthy') databaseAnsweredAtMs = takenAtMs;
    if (previous?.state !== sample.state && (previous !== undefined || sample.state === 'unhealthy')) {
      deps.logger.warn({ check: sample.check, state: sample.state, message: sample.message }, 'health check changed');
    }
    deps.onSample?.(sample);
  };
  const runners: CheckRunner[] = deps.checks.map((check) => createCheckRunner({ check, onSample, logger: deps.logger, monotonicMs }));

  const reportCheck = (check: HealthCheck): HealthCheckReport => {
    const sample = samples.get(check.check);
    if (!sample) return { check: check.check, state: null, ...describeFinding('not_checked'), latencyMs: null, ageSeconds: null };
    const ageMs = monotonicMs() - sample.takenAtMs;
    const isFresh = ageMs <= FRESH_ROUNDS * (check.intervalMs + check.timeoutMs);
    return {
      check: check.check,
      state: isFresh ? sample.state : 'unhealthy',
      ...(isFresh ? { code: sample.code, detail: sample.detail, message: sample.message } : describeFinding('outdated')),
      latencyMs: sample.latencyMs,
      ageSeconds: ageMs / 1_000,
    };
  };

  return {
    start: () => runners.forEach((runner) => runner.start()),
    stop: () => runners.forEach((runner) => runner.stop()),
    markSchemaCurrent: () => {
      isSchemaCurrent = true;
    },
    markStopping: () => {
      isStopping = true;
    },
    isReady: () => isSchemaCurrent && !isStopping && monotonicMs() - databaseAnsweredAtMs <= DATABASE_ANSWER_AGE_MAX_MS,
    report(exclude = []) {
      const checks = deps.checks.map(reportCheck);
      const counted = checks.filter(({ check }) => !exclude.includes(check));
      return { isHealthy: counted.every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
    },
  };
}
