import { rmSync } from 'node:fs';
import { build } from 'vite';
import { generateStyles } from '../prepare/build.mjs';

/** Which halves of the build a change touches. */
export interface BuildScope {
  readonly hasClient: boolean;
}

/** What the browser's half is made from, by the start of its path; a change elsewhere leaves that half as it is. */
const CLIENT_SOURCES = ['app/', 'server/contracts/', 'vite.config.ts', 'remix.config.js'];

export function scopeOf(changedPaths: readonly string[]): BuildScope {
  return { hasClient: changedPaths.some((path) => CLIENT_SOURCES.some((start) => path.startsWith(start))) };
}

/** Builds as `npm run build` does, but not minified, and only what changed. Throws what Vite throws. */
export async function rebuild(root: string, scope: BuildScope): Promise<void> {
  // What we build here is not what `npm start` serves: it must build again.
  rmSync(`${root}/build/.stamp`, { force: true });
  if (scope.hasClient) {
    await generateStyles(root);
    await buildHalf(root, false);
  }
  await buildHalf(root, true);
}

async function buildHalf(root: string, isServer: boolean): Promise<void> {
  await build({
    root,
    configFile: `${root}/vite.config.ts`,
    // Leaves packages where they are instead of bundling them: seconds instead of a quarter minute.
    mode: 'development',
    logLevel: 'error',
    clearScreen: false,
    build: { ssr: isServer, minify: false, reportCompressedSize: false, emptyOutDir: true },
  });
}
