import { type FSWatcher, existsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a checkout touches many. */
const QUIET_TIME_MS = 150;
const IGNORED = /\.gen\.|~$|\.sw[a-z]$|(^|\/)\./;

/**
 * Tells which files below `root` changed, once they have been quiet for a moment. The next report waits until `onChange`
 * has ended. Returns how to stop watching.
 */
export function watchSources(root: string, places: readonly string[], onChange: (paths: readonly string[]) => Promise<void>): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const flush = (): void => {
    running = running.then(async () => {
      const paths = [...changed];
      changed.clear();
      if (paths.length > 0) await onChange(paths);
    });
  };
  const note = (path: string): void => {
    if (IGNORED.test(path)) return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(flush, QUIET_TIME_MS);
  };
  const watchers = places
    .filter((place) => existsSync(join(root, place)))
    .map((place): FSWatcher => {
      const isFolder = statSync(join(root, place)).isDirectory();
      return watch(join(root, place), { recursive: isFolder }, (_event, name) => note(isFolder && name !== null ? `${place}/${name}` : place));
    });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
