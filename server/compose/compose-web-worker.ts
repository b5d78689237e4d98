import { openDatabase } from '#db/client.ts';
import { awaitBrief, linkToMain } from '#server/cluster/main-link.ts';
import { SharedHealthView } from '#server/cluster/shared-health-view.ts';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { SCHEDULE_NAMES } from '#server/contracts/schedules.ts';
import { createMetrics } from '#server/metrics/create-metrics.ts';
import { createSandboxChat } from '#server/sandbox/chat-client.ts';
import type { HealthPort } from '../contracts/load-context.ts';
import { Lifecycle } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/logger.ts';
import type { ComposeInput } from './compose-input.ts';
import { connectLlm } from './connect-clients.ts';
import { cutWhileAway } from './create-health.ts';
import { CONNECTION_WAIT_MS } from './open-store.ts';
import { serve } from './serve.ts';

/** How long a web process may take to end its requests; the main process waits a little longer. */
const STOP_BUDGET_MS = 6_500;
/** What the pools of all web processes take together: Postgres allows a hundred by default, and the main process needs some. */
const CONNECTIONS_OF_ALL = 60;
const CONNECTIONS_EACH_MIN = 2;
const CONNECTIONS_EACH_MAX = 10;

/** Builds one of several web processes: the site and nothing else. Resolves when the main process wants it to end, and it has. */
export async function composeWebWorker(input: ComposeInput): Promise<void> {
  const { brief, health: first } = await awaitBrief();
  const logger = createLogger(input.config.values.LOG_LEVEL);
  const lifecycle = new Lifecycle(logger, STOP_BUDGET_MS);
  const metrics = createMetrics({ ...input, nodeVersion: process.version, models: input.config.allModels, schedules: SCHEDULE_NAMES });
  const store = openDatabase({ url: brief.databaseUrl, waitMs: CONNECTION_WAIT_MS, maxConnections: connectionsOf(input.config.values.WEB_CONCURRENCY) });
  lifecycle.add('database pool', () => store.close());
  metrics.pool.observePool(() => store.countConnections());
  const shared = new SharedHealthView(first);
  const ended = Promise.withResolvers<void>();
  const link = linkToMain({
    snapshot: () => metrics.snapshot(),
    lastingSnapshot: () => metrics.lastingSnapshot(),
    onHealth: (health) => shared.update(health),
    onDrain: ended.resolve,
  });
  lifecycle.add('link', () => link.close());
  // The main process keeps one rendering a second for all: whoever is asked next never shows an older one.
  metrics.renderFrom(() => link.renderText(), { isKept: false });
  const sampler = createHealthSampler({
    logger,
    checks: [createDatabaseCheck({ probe: () => store.probe() })],
    onSample: ({ check, reportedState }) => cutWhileAway(store, check, reportedState),
    onTurn: (check, state) => cutWhileAway(store, check, state),
  });
  sampler.markSchemaCurrent();
  sampler.start();
  lifecycle.add('health sampler', () => {
    sampler.stop();
    store.watchUntilClosed();
  });
  const health: HealthPort = {
    isReady: () => shared.isServing && sampler.isReady(),
    listObstacles: () => (shared.isServing ? sampler.listObstacles() : ['stopping', ...sampler.listObstacles()]),
    isLive: () => shared.isLive && sampler.isLive(),
    isDatabaseAnswering: () => sampler.isDatabaseAnswering(),
    report: (exclude) => shared.report(exclude),
  };
  const parity = { latest: () => shared.parity };
  const { secret, port, sandbox } = brief;
  const clients = { llm: connectLlm(input.config, sandbox), sandbox: sandbox && { chat: createSandboxChat({ controlUrl: sandbox.telegramControlUrl }) } };
  const wakeInbox = () => link.send({ type: 'updates_stored' });
  await serve({ input, secret, metrics, logger, lifecycle, store, health, parity, wakeInbox, clients, port, isShared: true });
  link.send({ type: 'listening' });
  await ended.promise;
  await lifecycle.stop();
}

/** The size of the pool of one of so many web processes. */
export function connectionsOf(workerCount: number): number {
  return Math.min(CONNECTIONS_EACH_MAX, Math.max(CONNECTIONS_EACH_MIN, Math.floor(CONNECTIONS_OF_ALL / workerCount)));
}
