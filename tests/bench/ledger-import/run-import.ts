import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { IMPORT_COMMAND } from '#tests/support/import-command.ts';

const POLL_INTERVAL_MS = 20;
export interface ImportRun {
  readonly durationMs: number;
  readonly peakRssMb: number;
}

/** Imports a log by the command itself, a process of its own, into the Postgres that runs in a data directory. Throws unless every line is new. */
export async function runImport(dataDir: string, logFile: string, lineCount: number, model: string): Promise<ImportRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...IMPORT_COMMAND, logFile, '--model', model, '--operation', 'tarot_card'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', DATA_DIR: dataDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const peakRssMb = await watchPeakRss(child.pid ?? 0, () => child.exitCode !== null || child.signalCode !== null);
  await exited;
  const expected = `${lineCount.toLocaleString('en')} new, 0 already there, 0 refused`;
  if (!output.includes(expected)) throw new Error(`the import did not say "${expected}" but: ${output}`);
  return { durationMs: performance.now() - startedAt, peakRssMb };
}

/** The most memory that a process had until it ended, as the kernel keeps count of it. */
async function watchPeakRss(pid: number, hasEnded: () => boolean): Promise<number> {
  let peakKb = 0;
  while (!hasEnded()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    peakKb = Math.max(peakKb, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
    await sleep(POLL_INTERVAL_MS);
  }
  return peakKb / 1_024;
}
