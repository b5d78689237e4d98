import { systemClock, type Clock } from '#server/lib/clock.ts';
import { found } from '../messages.ts';
import type { CheckResult, HealthCheck } from '../types.ts';

/** What Telegram says of the webhook. */
export interface WebhookFacts {
  /** False when another address, or none, is set though ours had the time to be: somebody else has the bot's updates. */
  readonly isOurs: boolean;
  readonly pendingUpdateCount: number;
  /** When a delivery last failed; null when none has. */
  readonly lastErrorAt: Date | null;
}

interface CheckedBot {
  /** Proves the token; rejects when Telegram refuses it or cannot be reached. */
  readonly getMe: (signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds since updates were last fetched with success; null when that never happened, or they are not fetched. */
  readonly pollAgeMs: () => number | null;
  /** Only where updates are brought. */
  readonly webhook?: (signal: AbortSignal) => Promise<WebhookFacts>;
}

export interface TelegramCheckOptions {
  /** Null: no bot token is configured. */
  readonly bot: CheckedBot | null;
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/** A long poll lasts up to half a minute; twice that without one ending well means that updates do not arrive. */
const POLL_AGE_MAX_MS = 120_000;
/** Updates that a busy bot may have on their way at any time. */
const PENDING_UPDATES_MAX = 100;
/** Telegram tries a failed delivery again after two minutes at the latest: an older failure is over. */
const DELIVERY_ERROR_AGE_MAX_MS = 150_000;

/** Does Telegram take our token, and do updates arrive? */
export function createTelegramCheck({ bot, intervalMs = 60_000, clock = systemClock }: TelegramCheckOptions): HealthCheck {
  return {
    check: 'telegram',
    failureCode: 'telegram_down',
    intervalMs,
    confirmMs: 5_000,
    timeoutMs: 10_000,
    hysteresis: { failures: 2, successes: 2 },
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
      if (bot.webhook) return judgeWebhook(await bot.webhook(signal), clock.now());
      const pollAgeMs = bot.pollAgeMs();
      if (pollAgeMs !== null && pollAgeMs > POLL_AGE_MAX_MS) return found('unhealthy', 'telegram_no_updates');
      return found('healthy', 'telegram_ok');
    },
  };
}

function judgeWebhook({ isOurs, pendingUpdateCount, lastErrorAt }: WebhookFacts, now: Date): CheckResult {
  if (!isOurs) return found('unhealthy', 'telegram_no_updates');
  // A failure after which nothing waits was made good.
  const isFailing = pendingUpdateCount > 0 && lastErrorAt !== null && now.getTime() - lastErrorAt.getTime() < DELIVERY_ERROR_AGE_MAX_MS;
  if (isFailing) return found('unhealthy', 'telegram_webhook_failing');
  if (pendingUpdateCount > PENDING_UPDATES_MAX) return found('unhealthy', 'telegram_webhook_backlog', String(pendingUpdateCount));
  return found('healthy', 'telegram_ok');
}
