import { join, resolve } from 'node:path';
import { ConfigError, loadConfig } from '#server/config.ts';
import { AppError, describeError } from '#server/errors.ts';
import { importLog } from '#server/services/imports/import-log.ts';
import type { ImportSummary } from '#server/services/imports/types.ts';
import { readArguments, USAGE, UsageError } from './ledger-import/arguments.ts';
import { openLog } from './ledger-import/open-log.ts';
import { createProgress } from './ledger-import/progress.ts';
import { createRefusalList } from './ledger-import/refusal-list.ts';
import { abortOnSignal } from './shared/abort-on-signal.ts';
import { openLedger } from './shared/open-ledger.ts';

/*
 * `npm run ledger:import -- FILE.csv`: replays a usage log of somebody else's calls into the ledger.
 */
const rootDir = resolve(import.meta.dirname, '..');
const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

async function run(args: readonly string[]): Promise<ImportSummary> {
  const { file, options } = readArguments(args);
  const config = loadConfig();
  // npm changes to the folder of the package; the name of the file is meant from where it was typed.
  const source = await openLog(resolve(process.env['INIT_CWD'] ?? '.', file));
  const rejectedFile = join(config.values.DATA_DIR, 'imports', `${source.name}.rejected.csv`);
  const signal = abortOnSignal();
  const ledger = await openLedger(config, rootDir, complain, 'adtrobot-import');
  const progress = createProgress(process.stderr);
  const refusals = createRefusalList(rejectedFile, (line) => {
    progress.clear();
    print(line);
  });
  try {
    const { db, sql } = ledger;
    const summary = await importLog({ db, sql, reportingTimeZone: config.values.REPORTING_TIMEZONE }, { source, options, onRefused: refusals.add, onProgress: progress.show, signal });
    progress.clear();
    report(summary, options.isDryRun, rejectedFile);
    return summary;
  } finally {
    progress.clear();
    refusals.close();
    await ledger.close();
  }
}

function report({ newCount, knownCount, refusedCount, isComplete }: ImportSummary, isDryRun: boolean, rejectedFile: string): void {
  const [isNew, known, refused] = [newCount, knownCount, refusedCount].map((count) => count.toLocaleString('en'));
  if (refusedCount > 0) print(`Refused lines are listed in ${rejectedFile}`);
  if (!isComplete) print('Stopped before the end. Run the same command again for the rest.');
  print(`${isDryRun ? 'Nothing was written. ' : ''}${isNew} new, ${known} already there, ${refused} refused`);
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n${USAGE}`;
  if (error instanceof ConfigError || error instanceof AppError) return error.message;
  return `The import failed: ${describeError(error)}\nWhat was written stays; run the same command again for the rest.`;
}

// Nobody reads what we print any more: that is no reason to end.
process.stdout.on('error', () => undefined);

try {
  const { newCount, knownCount, refusedCount, isComplete } = await run(process.argv.slice(2));
  const isNothingRead = newCount + knownCount === 0 && refusedCount > 0;
  process.exitCode = isNothingRead || !isComplete ? 1 : 0;
} catch (error) {
  complain(explain(error));
  process.exitCode = 1;
}
