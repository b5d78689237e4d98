import { WorkerPool } from '#server/cluster/worker-pool.ts';
import type { WebBrief } from '#server/cluster/messages.ts';
import type { Parts } from './compose-input.ts';
import { serve } from './serve.ts';
import type { Background } from './start-background.ts';

/** The running web site. */
export interface Site {
  readonly port: number;
  /** False while no process takes requests. */
  isAnswering(): boolean;
  /** First act of a shutdown: every process that answers the web is not ready from now on. */
  markStopping(): void;
}

/** What the web processes keep of a stop: the time to end their requests. */
const POOL_STOP_MS = 8_000;

/** Serves the web from this process, or from several of its own on one port. */
export async function startSite(parts: Parts, background: Background, port: number): Promise<Site> {
  const { WEB_CONCURRENCY: workerCount } = parts.input.config.values;
  if (workerCount > 1) return startPool(parts, background, { workerCount, port });
  const site = await serve({ ...parts, ...background, port, isShared: false });
  return { port: site.port, isAnswering: () => true, markStopping: () => undefined };
}

async function startPool(parts: Parts, { health, parity, wakeInbox }: Background, { workerCount, port }: { readonly workerCount: number; readonly port: number }): Promise<Site> {
  const { metrics, logger, lifecycle } = parts;
  let isServing = true;
  const pool = new WorkerPool({
    workerCount,
    brief: briefOf(parts, port),
    readHealth: () => ({ isServing, isLive: health.isLive(), report: health.report(), parity: parity?.latest() ?? null }),
    ownSnapshot: () => metrics.snapshot(),
    render: async () => (await metrics.render(null)).body,
    onUpdatesStored: wakeInbox,
    logger,
  });
  lifecycle.add('web processes', () => pool.stop(), POOL_STOP_MS);
  await pool.start();
  metrics.renderFrom(() => pool.renderText(), { isKept: true });
  return {
    port,
    isAnswering: () => pool.isAnswering(),
    markStopping: () => {
      isServing = false;
      pool.shareHealth();
    },
  };
}

function briefOf({ store, secret, clients: { sandbox } }: Parts, port: number): WebBrief {
  return {
    databaseUrl: store.url,
    port,
    secret,
    sandbox: sandbox && {
      openRouterBaseUrl: sandbox.processes.openRouterBaseUrl,
      openRouterApiKey: sandbox.processes.openRouterApiKey,
      openRouterManagementKey: sandbox.processes.openRouterManagementKey,
      telegramControlUrl: sandbox.processes.telegramControlUrl,
    },
  };
}
