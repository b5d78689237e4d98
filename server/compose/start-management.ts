import { join } from 'node:path';
import type { HealthPort } from '#server/contracts/load-context.ts';
import { checkPort } from '#server/http/run-server.ts';
import { startManagement } from '#server/management/start-management.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import type { Lifecycle } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/logger.ts';
import type { ComposeInput } from './compose-input.ts';

interface ManagementParts {
  readonly input: ComposeInput;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

type WatchedHealth = Pick<HealthPort, 'isReady' | 'isLive'>;

/** The second listener as the rest of the program sees it, whether there is one or not. */
export interface ManagementLink {
  /** Until then it says that it is live and not ready. */
  watch(health: WatchedHealth): void;
  /** Lets it know at once that something changed. */
  update(): void;
}

/**
 * Opens the second listener where one is configured: before all else, and so closed after all else, because it tells the
 * truth of a start and of a stop too.
 */
export async function openManagement({ input, metrics, logger, lifecycle }: ManagementParts): Promise<ManagementLink> {
  const { MANAGEMENT_PORT: port, MANAGEMENT_HOST: host, METRICS_TOKEN } = input.config.values;
  if (port === undefined) return { watch: () => undefined, update: () => undefined };
  await checkPort({ host, port, variablePrefix: 'MANAGEMENT_' });
  let health: WatchedHealth | undefined;
  const management = await startManagement({
    scriptPath: join(input.rootDir, 'build/server/management.js'),
    host,
    port,
    token: METRICS_TOKEN ?? null,
    isReady: () => health?.isReady() ?? false,
    isLive: () => health?.isLive() ?? true,
    renderText: async () => (await metrics.render(null)).body,
    logger,
  });
  lifecycle.add('management listener', () => management.stop());
  input.print(`Probes and metrics, whatever the main loop does: port ${management.port}`);
  return {
    watch(watched) {
      health = watched;
      management.update();
    },
    update: () => management.update(),
  };
}
