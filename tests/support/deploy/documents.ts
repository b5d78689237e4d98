import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { STOP_BUDGET_MS } from '#server/lib/lifecycle.ts';

/** A process that was told to stop has ended by then, whatever happened. */
export const STOPPED_AFTER_SECONDS = (STOP_BUDGET_MS + 2_000) / 1_000;

/** One YAML or JSON document. */
export function readDocument(path: string): unknown {
  return parse(readFileSync(path, 'utf8'));
}

/** The file of a route of ours, which answers a path. */
export function hasRoute(path: string): boolean {
  return existsSync(`app/routes/${path.slice(1).replaceAll('/', '.')}.ts`);
}

/** The instructions of a Dockerfile, each as its word and the rest. */
export function readDockerfile(path: string): readonly { readonly word: string; readonly rest: string }[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => ({ word: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
}
