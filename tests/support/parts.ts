import type { ComposeInput, Parts } from '#server/compose/compose-input.ts';
import type { Clients } from '#server/compose/connect-clients.ts';
import { loadConfig } from '#server/config.ts';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';
import { sampleMetrics } from '../unit/metrics/sample-metrics.ts';
import type { TestDatabase } from './database.ts';

/** Of a site without pages. */
export const EMPTY_BUILD: ComposeInput['remixBuild'] = {
  mode: 'production',
  entry: { module: { default: () => new Response() } },
  routes: {},
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '1' },
  publicPath: '/',
  assetsBuildDirectory: '',
  future: { v3_fetcherPersist: true, v3_relativeSplatPath: true, v3_throwAbortReason: true, v3_singleFetch: true, v3_lazyRouteDiscovery: true },
  isSpaMode: false,
};

export interface PartsOptions {
  readonly database: TestDatabase;
  readonly env?: Readonly<Record<string, string>>;
  readonly processId?: number;
  readonly clients?: Partial<Clients>;
}

/** What the composition root has built first, for a test that starts one part of the program. */
export function createParts({ database, env = {}, processId = 1, clients = {} }: PartsOptions): Parts {
  const config = loadConfig(env);
  const logger = createLogger('silent');
  return {
    input: { config, remixBuild: EMPTY_BUILD, rootDir: '.', version: '1', commit: 'unknown', print: () => undefined, signal: new AbortController().signal },
    store: { ...database.handle, url: database.url, isOurs: false },
    processId,
    secret: 'a secret of this test',
    clients: { llm: null, telegram: null, sandbox: null, ...clients },
    metrics: sampleMetrics({ models: config.allModels }),
    logger,
    lifecycle: new Lifecycle(logger),
  };
}
