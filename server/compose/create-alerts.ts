import { createOwnerSender, refusalOf, type OwnerSender } from '#server/bot/send-to-owner.ts';
import { describeFinding } from '#server/health/messages.ts';
import { createAlertLoop, type AlertLoop } from '#server/jobs/alert-loop.ts';
import { createDeliverAlerts, sendDeliverAlerts } from '#server/jobs/deliver-alerts.ts';
import type { AlertTextOptions } from '#server/services/alerts/alert-text.ts';
import { listDueChannels } from '#server/services/alerts/list-due-channels.ts';
import { createWebhookSender } from '#server/services/alerts/post-webhook.ts';
import { raiseAlerts } from '#server/services/alerts/raise-alerts.ts';
import { recordTold } from '#server/services/alerts/record-told.ts';
import { createToldAlert, tellFromMemory } from '#server/services/alerts/told-alert.ts';
import { ALERT_CHANNELS, type AlertSenders, type SendAlert } from '#server/services/alerts/types.ts';
import { HealthCode } from '../contracts/vocabulary.ts';
import { describeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Parts } from './compose-input.ts';
import { startQueue } from './create-queue.ts';

/** Starts the job queue and what tells the owner of outages; returns the observer of outages. */
export async function startAlerts(parts: Parts, clock: Clock): Promise<Pick<AlertLoop, 'onIncidentChange'>> {
  const { store: { db }, processId, logger, lifecycle } = parts;
  const senders = sendersOf(parts);
  const channels = ALERT_CHANNELS.filter((channel) => senders[channel]);
  const texts = textsOf(parts);
  const queue = await startQueue(parts, { deliver_alerts: createDeliverAlerts({ db, clock }, senders) }, clock);
  const deliver = async () => {
    for (const channel of await listDueChannels(db, channels, clock.now())) await sendDeliverAlerts(queue, channel);
  };
  const loop = createAlertLoop({
    raise: async (except, signal) => {
      const count = await raiseAlerts({ db, processId, channels, texts }, { now: clock.now(), except, signal });
      // On its own: what is raised is stored, whether or not it can be delivered now.
      deliver().catch((error: unknown) => logger.warn({ cause: describeError(error) }, 'alerts wait for the job queue'));
      return count;
    },
    record: (told, signal) => recordTold(db, told, signal),
    createTold: (incidents) => createToldAlert(incidents, channels, texts, clock.now()),
    tell: (alert, signal) => tellFromMemory(alert, senders, () => clock.now(), signal),
    clock,
    logger,
  });
  loop.start();
  lifecycle.add('alerts', () => loop.stop());
  return { onIncidentChange: (change) => loop.onIncidentChange(change) };
}

function textsOf({ input: { config: { values } } }: Parts): AlertTextOptions {
  return {
    describeFinding: (code, detail) => {
      const known = HealthCode.safeParse(code);
      return known.success ? describeFinding(known.data, detail).message : 'It fails.';
    },
    timeZone: values.REPORTING_TIMEZONE,
    healthUrl: `${values.PUBLIC_URL ?? `http://localhost:${values.PORT}`}/monitoring/health`,
  };
}

function sendersOf({ input: { config: { values } }, clients: { telegram }, metrics, logger }: Parts): AlertSenders {
  const chatId = values.OWNER_TELEGRAM_CHAT_ID;
  const toOwner = telegram && chatId !== undefined ? createOwnerSender(telegram, chatId, (event) => metrics.telegram.recordRequest(event)) : null;
  return {
    ...(toOwner ? { telegram: createTelegramSender(toOwner, logger) } : {}),
    ...(values.ALERT_WEBHOOK_URL ? { webhook: createWebhookSender(values.ALERT_WEBHOOK_URL) } : {}),
  };
}

/** Tells the owner's chat. */
export function createTelegramSender(sendToOwner: OwnerSender, logger: Logger): SendAlert {
  return async ({ text }, signal) => {
    try {
      await sendToOwner(text, signal);
      return { isDelivered: true };
    } catch (error) {
      logger.warn({ cause: describeError(error) }, 'an alert did not reach the owner');
      const refusal = refusalOf(error);
      if (!refusal) return { isDelivered: false, code: signal.aborted ? 'stopped' : 'not_reached', isRefused: false, retryAfterMs: null };
      return { isDelivered: false, code: `http_${refusal.status}`, isRefused: refusal.status < 500 && refusal.status !== 429, retryAfterMs: refusal.retryAfterMs };
    }
  };
}
