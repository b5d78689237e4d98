import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '#server/config.ts';
import { describeError } from '#server/errors.ts';
import { systemClock } from '#server/lib/clock.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { rebuildRollups, type RebuildProgress } from '#server/services/rollups/rebuild-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import { openLedger } from './shared/open-ledger.ts';

/*
 * `npm run rollups:rebuild`: makes what the reports read anew from the raw rows, day by day, while everything else goes on.
 */
const BAR_CHARS = 30;
const rootDir = resolve(import.meta.dirname, '..');
const isTerminal = process.stderr.isTTY;

/** A bar on a terminal, a line for each day elsewhere. */
function show({ doneDays, totalDays, day }: RebuildProgress): void {
  const filled = Math.round((doneDays / totalDays) * BAR_CHARS);
  const text = `${day}, ${doneDays} of ${totalDays} days`;
  process.stderr.write(isTerminal ? `\r\u001b[K[${'#'.repeat(filled)}${'-'.repeat(BAR_CHARS - filled)}] ${text}` : `${text}\n`);
}

/** The first signal ends the rebuild after the day in hand. */
function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function run(): Promise<boolean> {
  const config = loadConfig();
  const signal = abortOnSignal();
  const { db, close } = await openLedger(config, rootDir, (line) => process.stderr.write(`${line}\n`), 'adtrobot-rebuild');
  try {
    await setRollupTimeZone(db, config.values.REPORTING_TIMEZONE);
    const isComplete = await rebuildRollups({ db, clock: systemClock, onProgress: show, signal });
    await foldRollups(db);
    return isComplete;
  } finally {
    if (isTerminal) process.stderr.write('\n');
    await close();
  }
}

try {
  const isComplete = await run();
  process.stdout.write(isComplete ? 'The rollups are those of the raw rows.\n' : 'Stopped before the end. Run the same command again for the rest.\n');
  process.exitCode = isComplete ? 0 : 1;
} catch (error) {
  const reason = error instanceof ConfigError ? error.message : `The rebuild failed: ${describeError(error)}\nWhat was rebuilt stays; run the same command again for the rest.`;
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
