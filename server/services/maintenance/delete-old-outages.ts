import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';

/** Deletes outages that ended before an instant, and what was told of them. An outage that lasts stays with its alerts, however old. */
export async function deleteOldOutages(executor: Executor, before: Date): Promise<void> {
  const at = sql`${before.toISOString()}::timestamptz`;
  await executor.execute(sql`
    with old as materialized (
      select a.id from alerts a where a.created_at < ${at} and not exists (
        select from alert_incidents told join incidents i on i.id = told.incident_id
        where told.alert_id in (a.id, a.down_alert_id) and (i.recovered_at is null or i.recovered_at >= ${at}))
    ), links as (
      delete from alert_incidents where alert_id in (select id from old)
    ), deliveries as (
      delete from alert_deliveries where alert_id in (select id from old)
    )
    delete from alerts where id in (select id from old)`);
  await executor.execute(sql`
    delete from incidents i where i.recovered_at < ${at} and not exists (select from alert_incidents told where told.incident_id = i.id)`);
}
