import { found } from '../messages.ts';
import type { CheckResult, HealthCheck } from '../types.ts';

export interface TelegramCheckOptions {
  /** Null: no bot token is configured. */
  readonly bot: {
    /** Proves the token; rejects when Telegram refuses it or cannot be reached. */
    readonly getMe: (signal: AbortSignal) => Promise<unknown>;
    /** Milliseconds since updates were last fetched with success; null when that never happened. */
    readonly pollAgeMs: () => number | null;
  } | null;
  readonly intervalMs?: number;
}

/** A long poll lasts up to half a minute; twice that without one ending well means that updates do not arrive. */
const POLL_AGE_MAX_MS = 120_000;

/** Does Telegram take our token, and do updates arrive? */
export function createTelegramCheck({ bot, intervalMs = 60_000 }: TelegramCheckOptions): HealthCheck {
  return {
    check: 'telegram',
    failureCode: 'telegram_down',
    intervalMs,
    timeoutMs: 10_000,
    run: async (signal): Promise<CheckResult> => {
      if (bot === null) return found('disabled', 'telegram_disabled');
      try {
        await bot.getMe(signal);
      } catch (error) {
        // grammY's error for an answer that is not ok carries its code; anything else is the network.
        const code = error instanceof Error && 'error_code' in error ? error.error_code : null;
        if (code === 401 || code === 404) return found('unhealthy', 'telegram_refused');
        throw error;
      }
      const pollAgeMs = bot.pollAgeMs();
      if (pollAgeMs !== null && pollAgeMs > POLL_AGE_MAX_MS) return found('unhealthy', 'telegram_no_updates');
      return found('healthy', 'telegram_ok');
    },
  };
}
