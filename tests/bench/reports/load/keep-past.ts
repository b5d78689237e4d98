import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { startEmbeddedPostgres } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { buildRollups } from '../rebuild.ts';
import type { LoadSize } from '../settings.ts';
import { LOAD_SETTINGS, loadPast } from './load-past.ts';

const MIGRATIONS = resolve('db/migrations');
/** As in service, but for a log that takes less of the disk. */
const SETTINGS = { max_wal_size: '512MB' };

const Kept = z.object({
  size: z.object({ ledgerCount: z.int(), interactionCount: z.int(), userCount: z.int(), seed: z.int() }),
  /** The tables that it was made for. */
  migrations: z.string(),
  endsAt: z.iso.datetime(),
  loadSeconds: z.number(),
  rebuildSeconds: z.number(),
});
export type Kept = z.infer<typeof Kept>;

/** A loaded database, running as in service. */
export interface LoadedPast extends Kept {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the loaded database of a folder as the product does; loads it first where there is none of this size. */
export async function openPast(dir: string, size: LoadSize, note: (line: string) => void): Promise<LoadedPast> {
  const keptFile = join(dir, 'past.json');
  const migrations = await hashMigrations();
  const found = existsSync(keptFile) ? Kept.parse(JSON.parse(await readFile(keptFile, 'utf8'))) : null;
  if (found && found.migrations === migrations && JSON.stringify(found.size) === JSON.stringify(size)) {
    note(`using what was loaded until ${found.endsAt}`);
    const postgres = await startEmbeddedPostgres({ dataDir: dir, settings: SETTINGS, onProgress: note });
    return { ...found, url: postgres.url, stop: () => postgres.stop() };
  }
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { endsAt, seconds: loadSeconds } = await load(dir, size, note);
  const postgres = await startEmbeddedPostgres({ dataDir: dir, settings: SETTINGS, onProgress: note });
  try {
    const rebuildSeconds = await timed(() => buildRollups(postgres.url, note));
    const kept: Kept = { size, migrations, endsAt: endsAt.toISOString(), loadSeconds, rebuildSeconds };
    await writeFile(keptFile, JSON.stringify(kept));
    return { ...kept, url: postgres.url, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
  for (const name of names) hash.update(name).update(await readFile(join(MIGRATIONS, name)));
  return hash.digest('hex');
}

async function load(dir: string, size: LoadSize, note: (line: string) => void): Promise<{ endsAt: Date; seconds: number }> {
  const postgres = await startEmbeddedPostgres({ dataDir: dir, settings: LOAD_SETTINGS, onProgress: note });
  try {
    await migrateDatabase(postgres.url, MIGRATIONS);
    const endsAt = new Date(Math.floor(Date.now() / 1_000) * 1_000);
    return { endsAt, seconds: await timed(() => loadPast(postgres.url, size, endsAt, note)) };
  } finally {
    await postgres.stop();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}
