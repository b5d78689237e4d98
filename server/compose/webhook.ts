import type { Database } from '#db/client.ts';
import { createWebhookRegistration } from '#server/bot/intake/register-webhook.ts';
import { createWebhookIntake } from '#server/bot/intake/webhook.ts';
import { createIntakeApi } from '#server/bot/telegram-api.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { Config } from '../config.ts';
import type { IntakePort } from '../contracts/load-context.ts';
import { WEBHOOK_PATH } from '../contracts/webhook.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Parts } from './compose-input.ts';

/** Where Telegram is to bring updates. */
export interface WebhookSettings {
  readonly url: string;
  /** What Telegram is told to send. */
  readonly secret: string;
  /** What is accepted: that, and the one before it while a new one comes into use. */
  readonly secrets: readonly string[];
}

interface IntakeDeps {
  readonly config: Config;
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wakeInbox: () => void;
}

/** Null where updates are fetched by polling: without a secret, and in the sandbox, whose stand-in knows no public address. */
export function webhookOf({ values, services }: Config): WebhookSettings | null {
  const { TELEGRAM_WEBHOOK_SECRET, PUBLIC_URL } = values;
  const [secret, ...others] = TELEGRAM_WEBHOOK_SECRET?.split(',') ?? [];
  if (services.kind !== 'real' || !services.telegram || !secret || !PUBLIC_URL) return null;
  return { url: PUBLIC_URL + WEBHOOK_PATH, secret, secrets: [secret, ...others] };
}

/** What takes updates in a process that answers the web; null where Telegram is not to bring any. */
export function createIntake({ config, db, clock, logger, wakeInbox }: IntakeDeps): IntakePort | null {
  const webhook = webhookOf(config);
  if (!webhook) return null;
  return createWebhookIntake({
    secrets: webhook.secrets,
    storeUpdates: (updates, receivedAt) => storeUpdates(db, updates, receivedAt),
    onStored: wakeInbox,
    clock,
    logger,
  });
}

/** Tells Telegram where to bring updates, once somebody listens there. Telegram being away delays nothing. */
export function startWebhook({ input: { config }, clients: { telegram }, metrics, logger, lifecycle }: Parts): void {
  const webhook = webhookOf(config);
  if (!webhook || !telegram) return;
  const api = createIntakeApi(telegram, (event) => metrics.telegram.recordRequest(event));
  const registration = createWebhookRegistration({ api, url: webhook.url, secret: webhook.secret, logger });
  registration.start();
  lifecycle.add('webhook registration', () => registration.stop());
}
