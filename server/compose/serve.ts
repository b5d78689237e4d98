import { join } from 'node:path';
import { createHttpServer } from '#server/http/create-http-server.ts';
import type { HealthSampler } from '#server/health/sampler.ts';
import { createAuth } from '#server/services/admins/create-auth.ts';
import { createPasswordHasher } from '#server/services/admins/hash-password.ts';
import type { TrpcContext } from '#server/trpc/context.ts';
import { appRouter, createCaller } from '#server/trpc/router.ts';
import type { SessionInfo } from '../contracts/login.ts';
import { systemClock } from '../lib/clock.ts';
import { announceOwner } from './announce-owner.ts';
import type { Parts } from './compose-input.ts';
import { driftSourceOf } from './drift-source.ts';

/** Starts the web server and returns its port and the line that tells how to log in. */
export async function serve({ input, store, secret, clients, metrics, logger, lifecycle }: Parts, health: HealthSampler) {
  const { values } = input.config;
  const publicUrl = values.PUBLIC_URL ?? null;
  const admins = { db: store.db, clock: systemClock, logger, passwords: createPasswordHasher(), secret };
  const createContext = (session: SessionInfo | null): TrpcContext => ({
    session,
    reports: { db: store.db, clock: systemClock, reportingTimeZone: values.REPORTING_TIMEZONE },
    models: input.config.models,
    health,
    drift: driftSourceOf(clients, metrics),
    sandboxChat: clients.sandbox?.chat ?? null,
  });
  const http = createHttpServer({
    remixBuild: input.remixBuild,
    clientDir: join(input.rootDir, 'build/client'),
    trpc: { router: appRouter, createContext, createApi: (session) => createCaller(createContext(session)) },
    auth: createAuth({ ...admins, publicUrl }),
    health,
    metrics,
    logger,
    options: {
      host: values.HOST,
      port: values.PORT,
      publicUrl,
      metricsToken: values.METRICS_TOKEN ?? null,
      trustProxyCount: values.TRUST_PROXY_COUNT,
      isSandbox: clients.sandbox !== null,
      version: input.version,
    },
  });
  const { port } = await http.listen();
  lifecycle.add('web server', () => http.close());
  const siteUrl = publicUrl ?? `http://localhost:${port}`;
  return { port, siteUrl, loginLine: await announceOwner(admins, input.config, siteUrl) };
}
