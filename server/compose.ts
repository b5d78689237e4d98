import { join } from 'node:path';
import { createMetrics } from './metrics/create-metrics.ts';
import { SCHEDULE_NAMES } from './contracts/schedules.ts';
import { checkPort } from './http/run-server.ts';
import { announceOwner } from './compose/announce-owner.ts';
import type { ComposeInput, Parts } from './compose/compose-input.ts';
import { connectClients } from './compose/connect-clients.ts';
import { layDownHistory } from './compose/lay-down-history.ts';
import { openStore } from './compose/open-store.ts';
import { loadOrCreateSecret } from './compose/session-secret.ts';
import { adminDepsOf } from './compose/serve.ts';
import { startBackground } from './compose/start-background.ts';
import { openManagement } from './compose/start-management.ts';
import { startSite } from './compose/start-site.ts';
import { startWebhook } from './compose/webhook.ts';
import { registerProcess } from './services/processes/register-process.ts';
import { systemClock } from './lib/clock.ts';
import { Lifecycle } from './lib/lifecycle.ts';
import { createLogger, type Logger } from './lib/logger.ts';

export interface App {
  readonly port: number;
  /** Not ready at once; after a grace everything stops in the reverse order of its start, within one budget. Idempotent. */
  stop(): Promise<void>;
}

const clock = systemClock;

/** Builds everything in order and starts it; when a part cannot start, what already runs is stopped and the error goes on. */
export async function compose(input: ComposeInput): Promise<App> {
  const logger = createLogger(input.config.values.LOG_LEVEL);
  const lifecycle = new Lifecycle(logger);
  try {
    return await composeParts(input, logger, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function composeParts(input: ComposeInput, logger: Logger, lifecycle: Lifecycle): Promise<App> {
  const { config, rootDir, print } = input;
  const port = await checkPort({ host: config.values.HOST, port: config.values.PORT });
  const metrics = createMetrics({ ...input, nodeVersion: process.version, models: config.allModels, schedules: SCHEDULE_NAMES });
  const management = await openManagement({ input, metrics, logger, lifecycle });
  const store = await openStore(config, rootDir, lifecycle, print);
  const secret = config.values.SESSION_SECRET ?? (await loadOrCreateSecret(config.values.DATA_DIR));
  const clients = await connectClients({ config, scriptsDir: join(rootDir, 'build/server'), logger, lifecycle, print });
  const processId = await registerProcess(store.db, { version: input.version, now: clock.now() });
  const parts: Parts = { input, store, processId, secret, clients, metrics, logger, lifecycle };
  const past = await layDownPast(parts);
  input.signal.throwIfAborted();

  const background = await startBackground(parts, clock);
  const site = await startSite(parts, background, port);
  management.watch({ isReady: () => background.health.isReady() && site.isAnswering(), isLive: () => background.health.isLive() });
  startWebhook(parts);
  await clients.sandbox?.processes.startCrowd(past);
  const siteUrl = config.values.PUBLIC_URL ?? `http://localhost:${site.port}`;
  const loginLine = await announceOwner(adminDepsOf(parts), config, siteUrl);
  print(`AdtroBot is ready: ${siteUrl}`);
  print(loginLine);
  const stop = () => {
    background.health.markStopping();
    site.markStopping();
    management.update();
    return lifecycle.stop(config.values.SHUTDOWN_GRACE_SECONDS * 1_000);
  };
  return { port: site.port, stop };
}

async function layDownPast({ input: { config, print, signal }, store, secret, clients: { llm, sandbox } }: Parts) {
  if (!sandbox || !llm) return undefined;
  return layDownHistory({
    config,
    databaseUrl: store.url,
    openRouterControlUrl: sandbox.processes.openRouterControlUrl,
    llm,
    models: config.models,
    pseudonymSecret: secret,
    reportingTimeZone: config.values.REPORTING_TIMEZONE,
    now: clock.now(),
    // What failed in the past is part of the plan and no news.
    logger: createLogger('silent'),
    print,
    signal,
  });
}
