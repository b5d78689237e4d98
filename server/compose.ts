import { join } from 'node:path';
import { createGaugeRefresher } from './metrics/gauge-refresher.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { SCHEDULE_NAMES } from './jobs/schedules.ts';
import { readGauges } from './services/reports/read-gauges.ts';
import type { ComposeInput, Parts } from './compose/compose-input.ts';
import { connectClients } from './compose/connect-clients.ts';
import { createHealth } from './compose/create-health.ts';
import { createJobs } from './compose/create-jobs.ts';
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
  /** Not ready at once, then everything stops in the reverse order of its start. Idempotent. */
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
  const metrics = createMetrics({ ...input, nodeVersion: process.version, models: Object.values(config.models), schedules: SCHEDULE_NAMES });
  const store = await openStore(config, rootDir, lifecycle, print);
  const secret = config.values.SESSION_SECRET ?? (await loadOrCreateSecret(config.values.DATA_DIR));
  const clients = await connectClients({ config, scriptsDir: join(rootDir, 'build/server'), logger, lifecycle, print });
  const parts: Parts = { input, store, secret, clients, metrics, logger, lifecycle };
  await layDownPast(parts);
  input.signal.throwIfAborted();

  const telegram = await startTelegram(parts);
  const { db } = store;
  const { schedules, scheduler } = createJobs({ db, llm: clients.llm, clock, logger, metrics });
  scheduler.start();
  lifecycle.add('scheduler', () => scheduler.stop());
  const health = createHealth({ store, llm: clients.llm, telegram, schedules, metrics, clock, logger });
  health.markSchemaCurrent();
  health.start();
  lifecycle.add('health sampler', () => health.stop());
  const gauges = createGaugeRefresher({ metrics, read: () => readGauges({ db, clock }), intervalMs: GAUGE_INTERVAL_MS, clock, logger });
  gauges.start();
  lifecycle.add('gauges', () => gauges.stop());

  const site = await serve(parts, health);
  await clients.sandbox?.processes.startCrowd();
  print(`AdtroBot is ready: ${site.siteUrl}`);
  print(site.loginLine);
  const stop = () => {
    health.markStopping();
    return lifecycle.stop();
  };
  return { port: site.port, stop };
}

async function layDownPast({ input: { config, print, signal }, store, secret, clients: { llm, sandbox } }: Parts): Promise<void> {
  if (!sandbox || !llm) return;
  await layDownHistory({
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

async function startTelegram({ input: { config }, store, secret, clients: { llm, telegram }, metrics, logger, lifecycle }: Parts) {
  if (!telegram) return null;
  const { db } = store;
  const shared = { db, clock, logger };
  return startBot({
    isDatabaseOurs: store.isOurs,
    lifecycle,
    deps: {
      ...shared,
      generations: {
        ...shared,
        llm,
        models: config.models,
        pseudonymSecret: secret,
        onGenerationFinished: (generation) => metrics.ai.recordGeneration(generation),
      },
      telegram,
      reportingTimeZone: config.values.REPORTING_TIMEZONE,
      observers: {
        onTelegramRequest: (event) => metrics.telegram.recordRequest(event),
        onUpdateHandled: (event) => metrics.bot.recordUpdate(event),
      },
    },
  });
}
