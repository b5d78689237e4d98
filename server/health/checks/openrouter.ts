import { AppError } from '#server/errors.ts';
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
    failureMessage: 'OpenRouter cannot be reached.',
    intervalMs,
    timeoutMs: 10_000,
    run: async (signal): Promise<CheckResult> => {
      if (getKey === null) return { state: 'disabled', message: 'No OpenRouter key is configured.' };
      try {
        const { limitRemainingUsd } = await getKey(signal);
        if (limitRemainingUsd !== null && limitRemainingUsd <= 0) return { state: 'unhealthy', message: "The key's credit is used up." };
        return { state: 'healthy', message: 'OpenRouter accepts the key.' };
      } catch (error) {
        if (error instanceof AppError && error.code === 'unauthenticated') return { state: 'unhealthy', message: 'OpenRouter refuses the key.' };
        throw error;
      }
    },
  };
}
