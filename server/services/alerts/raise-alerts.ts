import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Database, Transaction } from '#db/client.ts';
import { alertDeliveries, alertIncidents, alerts } from '#db/schema/index.ts';
import type { ObservedIncident } from '../health/types.ts';
import { checksOf, describeDown, describeRecovery, type AlertTextOptions, type ToldIncident } from './alert-text.ts';
import { GATHER_MS, type AlertChannel } from './types.ts';

export interface RaiseDeps {
  readonly db: Database;
  /** Of this run: outages that another living one saw are for that one to tell. */
  readonly processId: number;
  readonly channels: readonly AlertChannel[];
  readonly texts: AlertTextOptions;
}

export interface RaiseInput {
  readonly now: Date;
  /** Outages of this process that were told from memory, and are not yet linked to their alert. */
  readonly except: readonly Pick<ObservedIncident, 'check' | 'startedAt'>[];
  readonly signal: AbortSignal;
}

/** Any constant; processes that raise at the same time take turns. */
const RAISE_LOCK_KEY = 7_238_441_011;
/** A process that has not been seen for so long is dead. */
const PROCESS_DEAD_SECONDS = 90;
/** An outage that ended so long ago without having been told is no news any more. */
const OLD_NEWS_HOURS = 24;

const Row = z.object({
  id: z.coerce.number(),
  check_name: z.string(),
  started_at: z.coerce.date(),
  opened_at: z.coerce.date(),
  recovered_at: z.coerce.date().nullable(),
  code: z.string(),
  detail: z.string().nullable(),
});
const RecoveredRow = Row.extend({ down_alert_id: z.string() });

interface StoredIncident extends ToldIncident {
  readonly id: number;
  readonly openedAt: Date;
}

/**
 * Makes the alerts that are owed by what the tables say: one for all outages that nobody was told of, once the first of them
 * is old enough for the others to have joined it; and one for each told outage that is over. Outages that somebody has
 * acknowledged, or that began in a maintenance window which they have not outlasted, are left out. Returns how many it made;
 * null when another process is at it.
 */
export async function raiseAlerts({ db, ...deps }: RaiseDeps, { now, except, signal }: RaiseInput): Promise<number | null> {
  return db.transaction(async (tx) => {
    const [lock] = await tx.execute(sql`select pg_try_advisory_xact_lock(${RAISE_LOCK_KEY}) as is_ours`);
    if (lock?.['is_ours'] !== true) return null;
    const count = (await raiseDown(tx, deps, { now, except })) + (await raiseRecovered(tx, deps, now));
    // A new alert is a reason to try what waits: the channel may be what has come back. Attempts that run are left alone, and so is
    // the wait that a channel itself asked for.
    if (count > 0) await tx.execute(sql`update alert_deliveries set next_attempt_at = ${now.toISOString()}::timestamptz where delivered_at is null and (last_error is null or last_error not in ('unfinished', 'http_429'))`);
    // Who waited for this has gone another way meanwhile.
    signal.throwIfAborted();
    return count;
  });
}

type TransactionDeps = Omit<RaiseDeps, 'db'>;

async function raiseDown(tx: Transaction, { processId, channels, texts }: TransactionDeps, { now, except }: Omit<RaiseInput, 'signal'>): Promise<number> {
  const at = now.toISOString();
  const left = JSON.stringify(except.map(({ check, startedAt }) => ({ check_name: check, started_at: startedAt })));
  const rows = await tx.execute(sql`
    select i.* from incidents i
    left join maintenance_windows w on w.id = i.maintenance_window_id
    left join processes p on p.id = i.process_id
    where i.acknowledged_at is null
      and (i.recovered_at is null or i.recovered_at > ${at}::timestamptz - make_interval(hours => ${OLD_NEWS_HOURS}))
      and (i.maintenance_window_id is null or (i.recovered_at is null and (w.id is null or w.ends_at <= ${at}::timestamptz)))
      and (i.process_id = ${processId} or p.id is null or p.last_seen_at < ${at}::timestamptz - make_interval(secs => ${PROCESS_DEAD_SECONDS}))
      and not exists (select from alert_incidents told where told.incident_id = i.id)
      and not exists (select from jsonb_to_recordset(${left}::jsonb) as l(check_name text, started_at timestamptz) where l.check_name = i.check_name and l.started_at = i.started_at)
    order by i.started_at, i.id`);
  const incidents = [...rows].map((row) => toIncident(Row.parse(row)));
  const isTime = incidents.some(({ openedAt }) => openedAt.getTime() <= now.getTime() - GATHER_MS);
  if (!isTime) return 0;
  const id = uuidv7();
  await tx.insert(alerts).values({ id, kind: 'down', checks: checksOf(incidents), text: describeDown(incidents, texts), createdAt: now });
  await tx.insert(alertIncidents).values(incidents.map((incident) => ({ alertId: id, incidentId: incident.id })));
  if (channels.length > 0) await tx.insert(alertDeliveries).values(channels.map((channel) => ({ alertId: id, channel, nextAttemptAt: now })));
  return 1;
}

/** A recovery is owed where its outage is or was. */
async function raiseRecovered(tx: Transaction, { texts }: TransactionDeps, now: Date): Promise<number> {
  const rows = await tx.execute(sql`
    select i.*, told.alert_id as down_alert_id from alerts down
    join alert_incidents told on told.alert_id = down.id
    join incidents i on i.id = told.incident_id
    where down.kind = 'down'
      and not exists (select from alerts up where up.down_alert_id = down.id)
      and not exists (select from alert_incidents t join incidents o on o.id = t.incident_id where t.alert_id = down.id and o.recovered_at is null)
    order by down.created_at, down.id, i.started_at, i.id`);
  const byDown = Map.groupBy([...rows].map((row) => RecoveredRow.parse(row)), (row) => row.down_alert_id);
  for (const [downAlertId, ofDown] of byDown) {
    const id = uuidv7();
    const incidents = ofDown.map(toIncident);
    await tx.insert(alerts).values({ id, kind: 'recovered', downAlertId, checks: checksOf(incidents), text: describeRecovery(incidents, texts), createdAt: now });
    await tx.execute(sql`
      insert into alert_deliveries (alert_id, channel, next_attempt_at)
      select ${id}::uuid, channel, ${now.toISOString()}::timestamptz from alert_deliveries where alert_id = ${downAlertId}::uuid`);
  }
  return byDown.size;
}

function toIncident(row: z.infer<typeof Row>): StoredIncident {
  const { id, check_name: check, started_at: startedAt, opened_at: openedAt, recovered_at: recoveredAt, code, detail } = row;
  return { id, check, startedAt, openedAt, recoveredAt, code, detail };
}
