import { z } from 'zod';
import { deliverAlerts, type DeliverDeps } from '#server/services/alerts/deliver-alerts.ts';
import { ALERT_CHANNELS, type AlertChannel, type AlertSenders } from '#server/services/alerts/types.ts';
import type { JobHandler, Queue } from './queue.ts';

const Data = z.object({ channel: z.enum(ALERT_CHANNELS) });

/** The job that tells a channel what it is owed, and comes back when something could not be told. */
export function createDeliverAlerts(deps: DeliverDeps, senders: AlertSenders): JobHandler {
  return async (data, signal) => {
    const { channel } = Data.parse(data);
    const send = senders[channel];
    // It was configured when the job was sent.
    if (!send) return { outcome: 'ok', again: null };
    const { isFailed, againAt } = await deliverAlerts(deps, channel, send, signal);
    return { outcome: isFailed ? 'retried' : 'ok', again: againAt && { key: `${channel} later`, startAt: againAt } };
  };
}

/** Sends the job for a channel that is owed something now. */
export function sendDeliverAlerts(queue: Queue, channel: AlertChannel): Promise<void> {
  return queue.send('deliver_alerts', { channel }, { key: channel });
}
