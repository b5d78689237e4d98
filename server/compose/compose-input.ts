import type { ServerBuild } from '@remix-run/node';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import type { Config } from '../config.ts';
import type { Lifecycle } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/logger.ts';
import type { Clients } from './connect-clients.ts';
import type { Store } from './open-store.ts';
import type { Print } from './print.ts';

/** What the process entry gives the composition root. */
export interface ComposeInput {
  readonly config: Config;
  readonly remixBuild: ServerBuild;
  /** The folder of package.json. */
  readonly rootDir: string;
  readonly version: string;
  readonly commit: string;
  readonly print: Print;
  /** Aborts when the start is not wanted any more. */
  readonly signal: AbortSignal;
}

/** What is built first and used by all that follows. */
export interface Parts {
  readonly input: ComposeInput;
  readonly store: Store;
  /** Of this run, as it is on record: what it writes carries it. */
  readonly processId: number;
  /** Of this installation; keys hashes of tokens and pseudonyms of users. */
  readonly secret: string;
  readonly clients: Clients;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}
