import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const STAND_INS = ['openrouter', 'telegram', 'crowd'] as const;
export type StandInName = (typeof STAND_INS)[number];

/** The source of a stand-in's process. */
export function sourceOf(name: StandInName): string {
  return resolve('server/sandbox', name, 'main.ts');
}

/** A folder laid out as the build's, whose scripts run the sources; and a data directory. */
export async function createSandboxFolders(): Promise<{
  scriptsDir: string;
  dataDir: string;
  replace(name: StandInName, script: string): Promise<void>;
  remove(): Promise<void>;
}> {
  const root = await mkdtemp(join(tmpdir(), 'adtrobot-sandbox-'));
  const replace = (name: StandInName, script: string) => writeFile(join(root, `sandbox-${name}.js`), script);
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  for (const name of STAND_INS) await replace(name, `await import(${JSON.stringify(pathToFileURL(sourceOf(name)).href)});\n`);
  return { scriptsDir: root, dataDir: join(root, 'data'), replace, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Whether a process still runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
