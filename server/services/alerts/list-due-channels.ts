import { and, inArray, isNull, lte } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { alertDeliveries } from '#db/schema/index.ts';
import type { AlertChannel } from './types.ts';

/** The channels among these that are owed something which may be tried now. */
export async function listDueChannels(executor: Executor, channels: readonly AlertChannel[], now: Date): Promise<AlertChannel[]> {
  if (channels.length === 0) return [];
  const rows = await executor
    .selectDistinct({ channel: alertDeliveries.channel })
    .from(alertDeliveries)
    .where(and(isNull(alertDeliveries.deliveredAt), inArray(alertDeliveries.channel, [...channels]), lte(alertDeliveries.nextAttemptAt, now)));
  return rows.map(({ channel }) => channel);
}
