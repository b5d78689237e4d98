import { AppError } from '#server/errors.ts';
import { found } from '../messages.ts';
import type { CheckResult, HealthCheck } from '../types.ts';

export interface OpenRouterCheckOptions {
  /** Proves the key; rejects with `AppError` `unauthenticated` when it is refused. Null: no key is configured. */
  readonly getKey: ((signal: AbortSignal) => Promise<{ readonly limitRemainingUsd: number | null }>) | null;
  readonly intervalMs?: number;
}

/** Is OpenRouter there, does it take our key, and has the key money left? */
export function createOpenRouterCheck({ getKey, intervalMs = 60_000 }: OpenRouterCheckOptions): HealthCheck {
  return {
    check: 'openrouter',
    failureCode: 'openrouter_down',
    intervalMs,
    confirmMs: 5_000,
    timeoutMs: 10_000,
    hysteresis: { failures: 2, successes: 2 },
    run: async (signal): Promise<CheckResult> => {
      if (getKey === null) return found('disabled', 'openrouter_disabled');
      try {
        const { limitRemainingUsd } = await getKey(signal);
        if (limitRemainingUsd !== null && limitRemainingUsd <= 0) return found('unhealthy', 'openrouter_no_credit');
        return found('healthy', 'openrouter_ok');
      } catch (error) {
        if (error instanceof AppError && error.code === 'unauthenticated') return found('unhealthy', 'openrouter_refused');
        throw error;
      }
    },
  };
}
