import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { alertDeliveries } from '#db/schema/index.ts';
import type { Clock } from '#server/lib/clock.ts';
import { withLateness } from './alert-text.ts';
import { backoffMs } from './backoff.ts';
import type { AlertChannel, OutgoingAlert, SendAlert, SendOutcome } from './types.ts';

export interface DeliverDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** An attempt ends within this time; one that has not has died, and the alert is free for the next. */
const ATTEMPT_MS = 60_000;
/** What an attempt has come to that has not ended. */
const UNFINISHED = 'unfinished';

const Head = z.object({
  id: z.string(),
  kind: z.enum(['down', 'recovered']),
  down_alert_id: z.string().nullable(),
  checks: z.array(z.string()),
  text: z.string(),
  created_at: z.coerce.date(),
  attempt_count: z.number(),
  next_attempt_at: z.coerce.date(),
  started_at: z.coerce.date().nullable(),
  recovered_at: z.coerce.date().nullable(),
  is_withheld: z.boolean(),
});
type Head = z.infer<typeof Head>;

/** What is left after a round. */
export interface DeliveryResult {
  readonly isFailed: boolean;
  /** When the next attempt is due; null when nothing is owed. */
  readonly againAt: Date | null;
}

/**
 * Tells a channel what it is owed, in order, until nothing is left or one cannot be told now. Each attempt is claimed in the
 * table first, so any number of processes may do this at once. A process that dies between telling and noting that it
 * told may have it told twice.
 */
export async function deliverAlerts(deps: DeliverDeps, channel: AlertChannel, send: SendAlert, signal: AbortSignal): Promise<DeliveryResult> {
  for (;;) {
    signal.throwIfAborted();
    const head = await findHead(deps.db, channel);
    if (!head) return { isFailed: false, againAt: null };
    const now = deps.clock.now();
    if (head.next_attempt_at > now) return { isFailed: false, againAt: head.next_attempt_at };
    if (!(await claim(deps.db, channel, head, now))) continue;
    if (head.is_withheld) {
      await settle(deps, channel, head, 'acknowledged');
      continue;
    }
    const outcome = await send(outgoing(head, now), signal);
    if (!outcome.isDelivered) return { isFailed: true, againAt: await postpone(deps, channel, head, outcome, signal) };
    await settle(deps, channel, head, null);
  }
}

/**
 * The oldest alert that the channel is owed; a recovery never before its outage, whatever the clocks of their processes said. It is
 * withheld when all of its outages were acknowledged before it could be told, and with an outage its recovery.
 */
async function findHead(db: Database, channel: AlertChannel): Promise<Head | null> {
  const [row] = await db.execute(sql`
    select a.id, a.kind, a.down_alert_id, a.checks, a.text, a.created_at, d.attempt_count, d.next_attempt_at, outage.started_at,
      case a.kind when 'recovered' then outage.recovered_at end as recovered_at,
      case a.kind when 'down' then coalesce(outage.is_acknowledged, false) else coalesce(down.last_error = 'acknowledged', false) end as is_withheld
    from alert_deliveries d
    join alerts a on a.id = d.alert_id
    left join alert_deliveries down on down.alert_id = a.down_alert_id and down.channel = d.channel
    cross join lateral (
      select min(i.started_at) as started_at, max(i.recovered_at) as recovered_at, bool_and(i.acknowledged_at is not null) as is_acknowledged
      from alert_incidents told join incidents i on i.id = told.incident_id
      where told.alert_id = coalesce(a.down_alert_id, a.id)
    ) outage
    where d.channel = ${channel} and d.delivered_at is null and (down.alert_id is null or down.delivered_at is not null)
    order by a.created_at, a.id limit 1`);
  return row ? Head.parse(row) : null;
}

/** False when another process was faster. */
async function claim(db: Database, channel: AlertChannel, head: Head, now: Date): Promise<boolean> {
  const rows = await db
    .update(alertDeliveries)
    .set({ attemptCount: head.attempt_count + 1, nextAttemptAt: new Date(now.getTime() + ATTEMPT_MS), lastError: UNFINISHED })
    .where(and(ofHead(channel, head), eq(alertDeliveries.attemptCount, head.attempt_count), lte(alertDeliveries.nextAttemptAt, now)))
    .returning({ id: alertDeliveries.alertId });
  return rows.length > 0;
}

async function settle({ db, clock }: DeliverDeps, channel: AlertChannel, head: Head, lastError: string | null): Promise<void> {
  await db.update(alertDeliveries).set({ deliveredAt: clock.now(), lastError }).where(ofHead(channel, head));
}

async function postpone({ db, clock }: DeliverDeps, channel: AlertChannel, head: Head, outcome: Extract<SendOutcome, { isDelivered: false }>, signal: AbortSignal): Promise<Date> {
  const attemptCount = head.attempt_count + 1;
  // A stop is not the channel's fault: whoever comes next tries at once.
  const nextAttemptAt = new Date(clock.now().getTime() + (signal.aborted ? 0 : backoffMs(attemptCount, outcome)));
  await db
    .update(alertDeliveries)
    .set({ nextAttemptAt, lastError: outcome.code })
    .where(and(ofHead(channel, head), eq(alertDeliveries.attemptCount, attemptCount)));
  return nextAttemptAt;
}

function ofHead(channel: AlertChannel, head: Head) {
  return and(eq(alertDeliveries.alertId, head.id), eq(alertDeliveries.channel, channel), isNull(alertDeliveries.deliveredAt));
}

function outgoing(head: Head, now: Date): OutgoingAlert {
  const { id, kind, down_alert_id: downAlertId, checks, created_at: createdAt, started_at: startedAt, recovered_at: recoveredAt } = head;
  return { id, kind, downAlertId, checks, text: withLateness(head.text, createdAt, now), startedAt: startedAt ?? createdAt, recoveredAt };
}
