import { v7 as uuidv7 } from 'uuid';
import type { ObservedIncident } from '../health/types.ts';
import { checksOf, describeDown, withLateness, type AlertTextOptions } from './alert-text.ts';
import { backoffMs } from './backoff.ts';
import type { AlertChannel, AlertSenders } from './types.ts';

/** How far a channel has got with an alert that is told from memory. */
export interface ToldDelivery {
  readonly channel: AlertChannel;
  readonly attemptCount: number;
  readonly nextAttemptAt: Date;
  readonly deliveredAt: Date | null;
  readonly lastError: string | null;
}

/** An outage's alert that is told from memory, because Postgres cannot take it; written down as soon as it can. */
export interface ToldAlert {
  readonly id: string;
  readonly incidents: readonly ObservedIncident[];
  readonly checks: readonly string[];
  readonly text: string;
  readonly createdAt: Date;
  readonly deliveries: readonly ToldDelivery[];
}

/** Makes an alert of outages, owed to the channels. */
export function createToldAlert(incidents: readonly ObservedIncident[], channels: readonly AlertChannel[], texts: AlertTextOptions, now: Date): ToldAlert {
  return {
    id: uuidv7(),
    incidents,
    checks: checksOf(incidents),
    text: describeDown(incidents, texts),
    createdAt: now,
    deliveries: channels.map((channel) => ({ channel, attemptCount: 0, nextAttemptAt: now, deliveredAt: null, lastError: null })),
  };
}

/** Tries every channel that is owed the alert and is due, side by side: one that hangs delays no other. */
export async function tellFromMemory(alert: ToldAlert, senders: AlertSenders, now: () => Date, signal: AbortSignal): Promise<ToldAlert> {
  const deliveries = await Promise.all(alert.deliveries.map((delivery) => tellOnce(alert, delivery, senders, now, signal)));
  return { ...alert, deliveries };
}

async function tellOnce(alert: ToldAlert, delivery: ToldDelivery, senders: AlertSenders, now: () => Date, signal: AbortSignal): Promise<ToldDelivery> {
  const send = senders[delivery.channel];
  if (!send || delivery.deliveredAt || delivery.nextAttemptAt > now()) return delivery;
  const { id, checks, createdAt } = alert;
  const startedAt = new Date(Math.min(...alert.incidents.map((incident) => incident.startedAt.getTime())));
  const text = withLateness(alert.text, createdAt, now());
  const outcome = await send({ id, kind: 'down', downAlertId: null, checks: [...checks], text, startedAt, recoveredAt: null }, signal);
  const attemptCount = delivery.attemptCount + 1;
  if (outcome.isDelivered) return { ...delivery, attemptCount, deliveredAt: now(), lastError: null };
  return { ...delivery, attemptCount, lastError: outcome.code, nextAttemptAt: new Date(now().getTime() + backoffMs(attemptCount, outcome)) };
}
