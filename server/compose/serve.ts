import { join } from 'node:path';
import type { DatabaseHandle } from '#db/client.ts';
import { createHttpServer } from '#server/http/create-http-server.ts';
import { createAuth } from '#server/services/admins/create-auth.ts';
import type { AdminDeps } from '#server/services/admins/types.ts';
import { listPlanned } from '#server/jobs/schedules.ts';
import { openExport } from '#server/services/exports/open-export.ts';
import { Slots } from '#server/services/exports/slots.ts';
import { createEndedCounter } from '#server/services/reports/read-queue-depths.ts';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';
import type { TrpcContext } from '#server/trpc/context.ts';
import { appRouter, createCaller } from '#server/trpc/router.ts';
import type { LlmClient } from '#server/ai/types.ts';
import type { SandboxChat } from '#server/contracts/chat.ts';
import type { HealthPort } from '#server/contracts/load-context.ts';
import type { ParityPort } from '../contracts/parity.ts';
import type { SessionInfo } from '../contracts/login.ts';
import { systemClock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';
import { driftSourceOf } from './drift-source.ts';
import { recordRequests } from './record-requests.ts';
import { createIntake } from './webhook.ts';

/** What the web site is made of: the parts that every process that answers the web has. */
export interface SiteParts extends Pick<Parts, 'input' | 'secret' | 'metrics' | 'logger' | 'lifecycle'> {
  readonly store: DatabaseHandle;
  readonly clients: { readonly llm: LlmClient | null; readonly sandbox: { readonly chat: SandboxChat } | null };
  readonly health: HealthPort;
  /** Null where this process does not compare its counters with the tables. */
  readonly parity: ParityPort | null;
  /** Updates were stored: whoever works on them can begin at once. */
  readonly wakeInbox: () => void;
  readonly port: number;
  /** Several processes listen on it. */
  readonly isShared: boolean;
}

/** Starts the web server; returns its port. */
export async function serve({ input, store, secret, clients, metrics, logger, lifecycle, health, parity, wakeInbox, ...listening }: SiteParts): Promise<{ port: number }> {
  const { values } = input.config;
  const publicUrl = values.PUBLIC_URL ?? null;
  const admins = adminDepsOf({ store, logger, secret });
  const drift = driftSourceOf(clients, metrics);
  const work = { planned: listPlanned({ llm: clients.llm, drift }), countEnded: createEndedCounter() };
  const reports = { db: store.db, hasSpare: () => store.hasSpare(), clock: systemClock, reportingTimeZone: values.REPORTING_TIMEZONE, work };
  const exportSlots = new Slots();
  const createContext = (session: SessionInfo | null): TrpcContext => ({
    session,
    reports,
    models: input.config.models,
    health,
    parity,
    drift,
    sandboxChat: clients.sandbox?.chat ?? null,
  });
  const http = createHttpServer({
    remixBuild: input.remixBuild,
    clientDir: join(input.rootDir, 'build/client'),
    trpc: { router: appRouter, createContext, createApi: (session) => createCaller(createContext(session)) },
    auth: createAuth({ ...admins, publicUrl }),
    health,
    intake: createIntake({ config: input.config, db: store.db, clock: systemClock, logger, wakeInbox }),
    openExport: (request, { adminId }) => openExport({ ...reports, slots: exportSlots }, request, adminId),
    metrics,
    logger,
    options: {
      host: values.HOST,
      ...listening,
      connectionsMax: values.CONNECTIONS_MAX,
      publicUrl,
      metricsToken: values.METRICS_TOKEN ?? null,
      trustProxyCount: values.TRUST_PROXY_COUNT,
      isSandbox: clients.sandbox !== null,
      version: input.version,
    },
  });
  recordRequests({ store, metrics, logger, lifecycle }, systemClock);
  const { port } = await http.listen();
  lifecycle.add('web server', () => http.close());
  return { port };
}

export function adminDepsOf({ store, logger, secret }: Pick<SiteParts, 'store' | 'logger' | 'secret'>): AdminDeps {
  return { db: store.db, clock: systemClock, logger, passwords: createPasswordHasher(), secret };
}
