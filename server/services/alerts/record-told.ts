import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { alertDeliveries, alertIncidents, alerts } from '#db/schema/index.ts';
import type { ToldAlert } from './told-alert.ts';

/** Writes down alerts that were told from memory: what a channel was not told is owed to it at once. May be repeated. */
export async function recordTold(db: Database, told: readonly ToldAlert[], signal: AbortSignal): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { id, checks, text, createdAt, incidents, deliveries } of told) {
      await tx.insert(alerts).values({ id, kind: 'down', checks: [...checks], text, createdAt }).onConflictDoNothing();
      const links = incidents.flatMap(({ id: incidentId }) => (incidentId === null ? [] : [{ alertId: id, incidentId }]));
      if (links.length > 0) await tx.insert(alertIncidents).values(links).onConflictDoNothing();
      if (deliveries.length === 0) continue;
      await tx
        .insert(alertDeliveries)
        .values(deliveries.map((delivery) => ({ ...delivery, alertId: id, nextAttemptAt: createdAt })))
        .onConflictDoUpdate({
          target: [alertDeliveries.alertId, alertDeliveries.channel],
          set: { deliveredAt: sql`coalesce(alert_deliveries.delivered_at, excluded.delivered_at)` },
        });
    }
    signal.throwIfAborted();
  });
}
