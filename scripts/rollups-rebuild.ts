import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '#server/config.ts';
import { AppError, describeError } from '#server/errors.ts';
import { systemClock } from '#server/lib/clock.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups } from '#server/services/rollups/rebuild-rollups.ts';
import { createProgress } from './rollups-rebuild/progress.ts';
import { abortOnSignal } from './shared/abort-on-signal.ts';
import { openLedger } from './shared/open-ledger.ts';

/*
 * `npm run rollups:rebuild`: makes what the reports read anew from the raw rows, day by day, while everything else goes on.
 */
const rootDir = resolve(import.meta.dirname, '..');
const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

async function run(): Promise<boolean> {
  const config = loadConfig();
  const signal = abortOnSignal();
  const { db, close } = await openLedger(config, rootDir, complain, 'adtrobot-rebuild');
  const progress = createProgress(process.stderr);
  try {
    const isComplete = await rebuildRollups({ db, clock: systemClock, onProgress: progress.show, signal });
    if (isComplete) await foldRollups(db);
    return isComplete;
  } finally {
    progress.clear();
    await close();
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof AppError) return error.message;
  return `The rebuild failed: ${describeError(error)}\nEvery day is the old one or the new one; run the same command again for the rest.`;
}

// Nobody reads what we print any more: that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const isComplete = await run();
  print(isComplete ? 'The rollups are those of the raw rows.' : 'Stopped before the end. Run the same command again for the rest.');
  process.exitCode = isComplete ? 0 : 1;
} catch (error) {
  complain(explain(error));
  process.exitCode = 1;
}
