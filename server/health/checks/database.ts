import { found } from '../messages.ts';
import type { HealthCheck } from '../types.ts';

export interface DatabaseCheckOptions {
  /** Asks Postgres anything, on a connection of its own: a busy pool is not an outage. */
  readonly probe: () => Promise<unknown>;
  readonly intervalMs?: number;
}

/** Does Postgres answer? Sampled every second, because readiness follows it. */
export function createDatabaseCheck({ probe, intervalMs = 1_000 }: DatabaseCheckOptions): HealthCheck {
  return {
    check: 'database',
    failureCode: 'database_down',
    intervalMs,
    timeoutMs: 3_000,
    run: async () => {
      await probe();
      return found('healthy', 'database_ok');
    },
  };
}
