import { join } from 'node:path';
import { createGaugeRefresher } from './metrics/gauge-refresher.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { createLookupLoop } from './jobs/lookup-loop.ts';
import { SCHEDULE_NAMES } from './jobs/schedules.ts';
import { checkPort } from './http/run-server.ts';
import { recountBudgets } from './services/budgets/recount.ts';
import { lookUpCosts } from './services/generations/look-up-costs.ts';
import { releaseReservations } from './services/generations/reconcile-generations.ts';
import { readGauges } from './services/reports/read-gauges.ts';
import type { ComposeInput, Parts } from './compose/compose-input.ts';
import { connectClients } from './compose/connect-clients.ts';
import { createHealth } from './compose/create-health.ts';
import { createJobs } from './compose/create-jobs.ts';
import { createLedger, type Ledger } from './compose/create-ledger.ts';
import { layDownBudgets } from './compose/lay-down-budgets.ts';
import { layDownHistory } from './compose/lay-down-history.ts';
import { openStore } from './compose/open-store.ts';
import { loadOrCreateSecret } from './compose/session-secret.ts';
import { serve } from './compose/serve.ts';
import { startBot } from './compose/start-bot.ts';
import { systemClock } from './lib/clock.ts';
import { Lifecycle } from './lib/lifecycle.ts';
import { createLogger, type Logger } from './lib/logger.ts';

export interface App {
  readonly port: number;
  /** Not ready at once; after a grace everything stops in the reverse order of its start, within one budget. Idempotent. */
  stop(): Promise<void>;
}

const clock = systemClock;
const GAUGE_INTERVAL_MS = 5_000;

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
  await checkPort({ host: config.values.HOST, port: config.values.PORT });
  const metrics = createMetrics({ ...input, nodeVersion: process.version, models: config.allModels, schedules: SCHEDULE_NAMES });
  const store = await openStore(config, rootDir, lifecycle, print);
  const secret = config.values.SESSION_SECRET ?? (await loadOrCreateSecret(config.values.DATA_DIR));
  const clients = await connectClients({ config, scriptsDir: join(rootDir, 'build/server'), logger, lifecycle, print });
  const parts: Parts = { input, store, secret, clients, metrics, logger, lifecycle };
  const past = await layDownPast(parts);
  input.signal.throwIfAborted();

  const { db } = store;
  const ledger = createLedger(parts, clock);
  if (store.isOurs) await releaseReservations(db);
  const reports = { db, clock, reportingTimeZone: config.values.REPORTING_TIMEZONE };
  await recountBudgets(db, reports.reportingTimeZone, clock.now());
  if (clients.sandbox) await layDownBudgets(reports);
  const telegram = await startTelegram(parts, ledger);
  const { schedules, scheduler } = createJobs(parts, clock);
  const lookups = createLookupLoop({ lookUp: () => lookUpCosts(ledger.lookups), logger });
  lookups.start();
  lifecycle.add('cost look-ups', () => lookups.stop());
  scheduler.start();
  lifecycle.add('scheduler', () => scheduler.stop());
  const health = createHealth({ store, llm: clients.llm, telegram, schedules, metrics, clock, logger });
  health.markSchemaCurrent();
  health.start();
  lifecycle.add('health sampler', () => health.stop());
  const gauges = createGaugeRefresher({ metrics, read: () => readGauges(reports), intervalMs: GAUGE_INTERVAL_MS, clock, logger });
  gauges.start();
  lifecycle.add('gauges', () => gauges.stop());

  const site = await serve(parts, health);
  await clients.sandbox?.processes.startCrowd(past);
  print(`AdtroBot is ready: ${site.siteUrl}`);
  print(site.loginLine);
  const stop = () => {
    health.markStopping();
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

async function startTelegram({ input: { config }, store, clients: { telegram }, metrics, logger, lifecycle }: Parts, ledger: Ledger) {
  if (!telegram) return null;
  const { db } = store;
  const shared = { db, clock, logger };
  return startBot({
    isDatabaseOurs: store.isOurs,
    lifecycle,
    deps: {
      ...shared,
      generations: ledger.generations,
      telegram,
      reportingTimeZone: config.values.REPORTING_TIMEZONE,
      observers: {
        onTelegramRequest: (event) => metrics.telegram.recordRequest(event),
        onUpdateHandled: (event) => metrics.bot.recordUpdate(event),
      },
    },
  });
}
