import type { Api } from 'grammy';
import { describeError } from '#server/errors.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { apiSignal } from '../telegram-api.ts';
import { pollDelayMs } from './poll-delay.ts';
import { ALLOWED_UPDATES } from './polling.ts';

/** Deliveries at once, each of another chat. Storing one takes milliseconds: more would only make the pool busy. */
const DELIVERIES_MAX = 40;
/** After a start the address is not missed before this time has passed. */
const REGISTRATION_MS = 60_000;

export interface WebhookRegistrationDeps {
  /** Without retries inside. */
  readonly api: Api;
  readonly url: string;
  readonly secret: string;
  readonly logger: Logger;
}

export interface WebhookRegistration {
  /** Tells Telegram where to bring updates, again and again until it has taken it. Idempotent; returns at once. */
  start(): void;
  /** Ends the attempts. What Telegram was told stays: the next release has the same address. Idempotent. */
  stop(): Promise<void>;
}

/** See `WebhookRegistration`. Updates that wait at Telegram are kept. */
export function createWebhookRegistration({ api, url, secret, logger }: WebhookRegistrationDeps): WebhookRegistration {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  const register = async (): Promise<void> => {
    const { signal } = stopping;
    const settings = { secret_token: secret, allowed_updates: ALLOWED_UPDATES, max_connections: DELIVERIES_MAX, drop_pending_updates: false };
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        await api.setWebhook(url, settings, apiSignal(signal));
        return;
      } catch (error) {
        if (signal.aborted) return;
        const delayMs = pollDelayMs(error, failures);
        logger.warn({ cause: describeError(error), delayMs }, 'Telegram did not take the webhook');
        await sleep(delayMs, signal);
      }
    }
  };

  return {
    start: () => {
      if (!stopping.signal.aborted) loop ??= register();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/** Makes a look at what Telegram has to say of our webhook, from now on; rejects when it cannot be asked. */
export function createWebhookLook({ api, url, clock }: { readonly api: Api; readonly url: string; readonly clock: Clock }) {
  const ourAtMs = clock.now().getTime() + REGISTRATION_MS;
  return async (signal: AbortSignal) => {
    const info = await api.getWebhookInfo(apiSignal(signal));
    const { last_error_date: failedAtSeconds } = info;
    return {
      isOurs: info.url === url || clock.now().getTime() < ourAtMs,
      pendingUpdateCount: info.pending_update_count,
      lastErrorAt: failedAtSeconds === undefined ? null : new Date(failedAtSeconds * 1_000),
    };
  };
}
