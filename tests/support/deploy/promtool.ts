import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MISSING = 'promtool must be on the PATH: apt-get install --no-install-recommends prometheus';

/** Runs promtool to its end and returns all that is wrong; empty when all is well. */
export function runPromtool(...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (error) throw new Error(MISSING, { cause: error });
  return status === 0 ? '' : stdout + stderr;
}

/** What Prometheus' own parser says of queries; empty when it takes all of them. */
export function checkQueries(queries: readonly string[]): string {
  return inFolder((folder) => {
    // JSON is YAML, and a rule is the one place where promtool parses a query without running it.
    const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
    writeFileSync(join(folder, 'queries.yml'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    return runPromtool('check', 'rules', join(folder, 'queries.yml'));
  });
}

/** Gives a new folder, and removes it afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'adtrobot-deploy-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
