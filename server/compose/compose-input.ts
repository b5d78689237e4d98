import type { ServerBuild } from '@remix-run/node';
import type { Config } from '../config.ts';
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
}
