import { found } from '../messages.ts';
import type { HealthCheck } from '../types.ts';

export interface DatabaseCheckOptions {
  /** Asks Postgres anything, on a connection of its own: a busy pool is not an outage. */
  readonly probe: () => Promise<unknown>;
  readonly intervalMs?: number;
}

/**
 * Does Postgres answer? Readiness follows it, and has to turn within three seconds both ways: so it is sampled twice a
 * second, silence alone is enough to turn it, and one lost answer or a short restart is not.
 */
export function createDatabaseCheck({ probe, intervalMs = 500 }: DatabaseCheckOptions): HealthCheck {
  return {
    check: 'database',
    failureCode: 'database_down',
    intervalMs,
    confirmMs: Math.min(intervalMs, 250),
    timeoutMs: 3_000,
    hysteresis: { failures: 3, successes: 2 },
    silenceMaxMs: 2_800,
    run: async () => {
      await probe();
      return found('healthy', 'database_ok');
    },
  };
}
