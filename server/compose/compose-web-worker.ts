import { openDatabase } from '#db/client.ts';
import { awaitBrief, linkToMain } from '#server/cluster/main-link.ts';
import type { SharedHealth } from '#server/cluster/messages.ts';
import { createDatabaseCheck } from '#server/health/checks/database.ts';
import { createHealthSampler } from '#server/health/sampler.ts';
import { SCHEDULE_NAMES } from '#server/jobs/schedules.ts';
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

/** Builds one of several web processes: the site and nothing else. Resolves when the main process wants it to end, and it has. */
export async function composeWebWorker(input: ComposeInput): Promise<void> {
  const { brief, health: first } = await awaitBrief();
  const logger = createLogger(input.config.values.LOG_LEVEL);
  const lifecycle = new Lifecycle(logger, STOP_BUDGET_MS);
  const metrics = createMetrics({ ...input, nodeVersion: process.version, models: input.config.allModels, schedules: SCHEDULE_NAMES });
  const store = openDatabase({ url: brief.databaseUrl, waitMs: CONNECTION_WAIT_MS });
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
  metrics.renderFrom(() => link.renderText());
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
    isLive: () => sampler.isLive(),
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

/** What the main process told of health last, growing older. */
class SharedHealthView {
  #health: SharedHealth;
  #toldAtMs = performance.now();

  constructor(health: SharedHealth) {
    this.#health = health;
  }

  get isServing(): boolean {
    return this.#health.isServing;
  }

  get parity(): SharedHealth['parity'] {
    return this.#health.parity;
  }

  update(health: SharedHealth): void {
    this.#health = health;
    this.#toldAtMs = performance.now();
  }

  report(exclude: Parameters<HealthPort['report']>[0] = []): ReturnType<HealthPort['report']> {
    const agedSeconds = (performance.now() - this.#toldAtMs) / 1_000;
    const checks = this.#health.report.checks.map((check) => ({ ...check, ageSeconds: check.ageSeconds === null ? null : check.ageSeconds + agedSeconds }));
    const counted = checks.filter(({ check }) => !exclude.includes(check));
    return { isHealthy: counted.every(({ state }) => state === 'healthy' || state === 'disabled'), checks };
  }
}
