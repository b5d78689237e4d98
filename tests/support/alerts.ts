import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { connectPostgres } from '#db/connect.ts';
import { alertDeliveries, alerts, incidents, maintenanceWindows, processes, type Alert, type AlertDelivery, type NewIncident } from '#db/schema/index.ts';
import type { AlertTextOptions } from '#server/services/alerts/alert-text.ts';
import { deliverAlerts, type DeliveryResult } from '#server/services/alerts/deliver-alerts.ts';
import { raiseAlerts } from '#server/services/alerts/raise-alerts.ts';
import { ALERT_CHANNELS, type AlertChannel, type OutgoingAlert, type SendAlert, type SendOutcome } from '#server/services/alerts/types.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const HEALTH_URL = 'https://bot.example/monitoring/health';
export const ALERT_TEXTS: AlertTextOptions = { describeFinding: (code) => `It said ${code}.`, timeZone: 'UTC', healthUrl: HEALTH_URL };
/** When the outages of tests begin. */
export const DAWN = new Date('2026-11-20T06:00:00Z');
export const after = (seconds: number) => new Date(DAWN.getTime() + seconds * 1_000);
const NEVER = new AbortController().signal;
const CLOSE_ROUNDS = 10;
const CLOSE_PAUSE_MS = 50;

/** What a receiver of alerts got. */
export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly id: string; readonly kind: string; readonly downAlertId: string | null; readonly checks: string[]; readonly text: string; readonly startedAt: string; readonly recoveredAt: string | null };
}

/** An HTTP server that gets alerts, and answers as the test says: the first of `answers`, then 200. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers: ((res: ServerResponse) => void)[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      received.push({ headers: req.headers, body: JSON.parse(text) as Received['body'] });
      const answer = answers.shift() ?? ((ok) => void ok.end('thank you'));
      answer(res);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    received,
    answers,
    url: `http://127.0.0.1:${port}/hooks/secret-path`,
    kinds: () => received.map(({ body }) => body.kind),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Closes a database to everybody, as an outage would, until it is opened again. */
export async function closeDatabase(databaseUrl: string): Promise<{ open(): Promise<void> }> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = connectPostgres(url.href, { max: 1 });
  await admin`alter database ${admin(name)} allow_connections false`;
  // One that was being opened at that moment shows up a little later.
  for (let round = 0; round < CLOSE_ROUNDS; round += 1) {
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await sleep(CLOSE_PAUSE_MS);
  }
  return {
    open: async () => {
      await admin`alter database ${admin(name)} allow_connections true`;
      await admin.end();
    },
  };
}

export interface AlertRig {
  readonly database: TestDatabase;
  now: Date;
  /** This process, as it is on record. */
  readonly processId: number;
  /** Another process that is seen until then. */
  addProcess(lastSeenAt: Date): Promise<number>;
  /** An outage on record; opened as it began unless said otherwise. */
  open(check: string, incident?: Partial<NewIncident>): Promise<number>;
  recover(incidentId: number, at?: Date): Promise<void>;
  acknowledge(incidentId: number): Promise<void>;
  addWindow(startsAt: Date, endsAt: Date): Promise<number>;
  raise(options?: { readonly channels?: readonly AlertChannel[]; readonly processId?: number; readonly except?: readonly { check: 'database' | 'telegram'; startedAt: Date }[]; readonly signal?: AbortSignal }): Promise<number | null>;
  /** One round of a channel, whose sends end as told, the last again and again; gives what was sent. */
  deliver(channel: AlertChannel, ...outcomes: readonly SendOutcome[]): Promise<DeliveryResult & { readonly sent: readonly OutgoingAlert[] }>;
  alerts(): Promise<Alert[]>;
  deliveries(channel: AlertChannel): Promise<AlertDelivery[]>;
  close(): Promise<void>;
}

export const DELIVERED: SendOutcome = { isDelivered: true };
export const failed = (code: string, rest: { readonly isRefused?: boolean; readonly retryAfterMs?: number } = {}): SendOutcome => ({ isDelivered: false, code, isRefused: false, retryAfterMs: null, ...rest });

/** Outages and alerts on a real Postgres, with a clock that the test sets. */
export async function startAlertRig(): Promise<AlertRig> {
  const database = await createTestDatabase({ maxConnections: 10 });
  const { db } = database.handle;
  const addProcess = async (lastSeenAt: Date) => {
    const [row] = await db.insert(processes).values({ startedAt: DAWN, lastSeenAt, version: '1' }).returning();
    return row?.id ?? 0;
  };
  const processId = await addProcess(DAWN);
  const rig: AlertRig = {
    database,
    now: DAWN,
    processId,
    addProcess,
    open: async (check, incident = {}) => {
      const startedAt = incident.startedAt ?? DAWN;
      const [row] = await db.insert(incidents).values({ check, processId, startedAt, openedAt: startedAt, code: `${check}_down`, ...incident }).returning();
      return row?.id ?? 0;
    },
    recover: async (incidentId, at = rig.now) => void (await db.update(incidents).set({ recoveredAt: at }).where(eq(incidents.id, incidentId))),
    acknowledge: async (incidentId) => void (await db.update(incidents).set({ acknowledgedAt: rig.now, acknowledgedBy: 1 }).where(eq(incidents.id, incidentId))),
    addWindow: async (startsAt, endsAt) => {
      const [row] = await db.insert(maintenanceWindows).values({ startsAt, endsAt, checks: [], reason: 'new disks', createdBy: 1, createdAt: startsAt }).returning();
      return row?.id ?? 0;
    },
    raise: ({ channels = ALERT_CHANNELS, except = [], signal = NEVER, ...options } = {}) =>
      raiseAlerts({ db, processId, channels, texts: ALERT_TEXTS, ...options }, { now: rig.now, except, signal }),
    deliver: async (channel, ...outcomes) => {
      const sent: OutgoingAlert[] = [];
      const send: SendAlert = async (alert) => outcomes[Math.min(sent.push(alert), outcomes.length) - 1] ?? DELIVERED;
      return { ...(await deliverAlerts({ db, clock: { now: () => rig.now } }, channel, send, NEVER)), sent };
    },
    alerts: () => db.select().from(alerts).orderBy(alerts.createdAt, alerts.id),
    deliveries: (channel) => db.select().from(alertDeliveries).where(eq(alertDeliveries.channel, channel)).orderBy(alertDeliveries.alertId),
    close: () => database.drop(),
  };
  return rig;
}
