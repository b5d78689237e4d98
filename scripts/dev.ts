import { resolve } from 'node:path';
import { type BuildScope, rebuild, scopeOf } from './dev/rebuild.ts';
import { createDevServer } from './dev/server.ts';
import { watchSources } from './dev/watch.ts';

/*
 * `npm run dev`: builds, serves, and on a change builds what it touches and restarts the server. The very build that
 * `npm start` serves, only not minified: what works here works there. Until a new build stands, the old one serves.
 */
const PLACES = ['app', 'server', 'db', 'vite.config.ts', 'remix.config.js'];
// Whatever the shell says: this runs what users run.
process.env['NODE_ENV'] = 'production';
const root = resolve('.');
const server = createDevServer(resolve('build/server/index.js'));

async function buildAndRestart(scope: BuildScope): Promise<void> {
  const startedAt = performance.now();
  try {
    await rebuild(root, scope);
    console.log(`dev: built ${scope.hasClient ? 'browser and server' : 'server'} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  } catch (error) {
    console.error(`dev: the build failed; the last good one goes on.\n${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  await server.restart();
}

const stopWatching = watchSources(root, PLACES, async (paths) => {
  console.log(`dev: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''} changed, building…`);
  await buildAndRestart(scopeOf(paths));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopWatching();
    void server.stop().then(() => process.exit(0));
  });
}

console.log('dev: building…');
await buildAndRestart({ hasClient: true });
