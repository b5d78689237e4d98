import { resolve } from 'node:path';
import * as remixBuild from 'virtual:remix/server-build';
import packageJson from '../package.json' with { type: 'json' };
import { compose, type App } from './compose.ts';
import { ConfigError, loadConfig } from './config.ts';
import { AppError, describeError } from './errors.ts';
import { STOP_BUDGET_MS } from './lib/lifecycle.ts';

const NODE_MAJOR_MIN = 24;
/** The last resort: a little more than the budget of an orderly stop, and less than the 30 s after which others kill us. */
const STOP_TIMEOUT_MS = STOP_BUDGET_MS + 2_000;
const PARENT_CHECK_INTERVAL_MS = 250;

const print = (line: string) => process.stdout.write(`${line}\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Returns how to stop in order, within bounds, also in the middle of a start; asking again changes nothing. */
function createStop(started: Promise<App>, abortStart: () => void): (reason: string) => void {
  let isStopping = false;
  return (reason) => {
    if (isStopping) return;
    isStopping = true;
    print(`${reason}: stopping…`);
    abortStart();
    setTimeout(() => fail('The stop took too long; ending now.'), STOP_TIMEOUT_MS).unref();
    // A start that was given up has stopped what it had started.
    const app = started.catch(() => null);
    app.then((running) => running?.stop()).then(
      () => process.exit(0),
      (error: unknown) => fail(`The stop failed: ${describeError(error)}`),
    );
  };
}

/** The first signal stops in order, the second ends at once. */
function handleSignals(stop: (reason: string) => void): void {
  let signalCount = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    signalCount += 1;
    if (signalCount > 1) process.exit(1);
    stop(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Under npm, a killed npm must not leave us behind with its port and its data. */
function watchParent(stop: (reason: string) => void): void {
  const parentPid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    stop('npm is gone');
  }, PARENT_CHECK_INTERVAL_MS);
  timer.unref();
}

async function start(signal: AbortSignal): Promise<App> {
  const config = loadConfig();
  print(`AdtroBot ${packageJson.version}`);
  return compose({
    config,
    remixBuild,
    rootDir: resolve(import.meta.dirname, import.meta.env.DEV ? '..' : '../..'),
    version: packageJson.version,
    commit: config.commit,
    print,
    signal,
  });
}

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) fail(`AdtroBot needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. "npm start" brings its own.`);

// Nobody reads what we print any more: that is no reason to end.
process.stdout.on('error', () => undefined);

const starting = new AbortController();
const started = start(starting.signal);
const stop = createStop(started, () => starting.abort());
handleSignals(stop);
if (process.argv.includes('--stop-with-parent')) watchParent(stop);
started.catch((error: unknown) => {
  if (starting.signal.aborted) return;
  if (error instanceof ConfigError || error instanceof AppError) fail(error.message);
  fail(`AdtroBot could not start: ${describeError(error)}`);
});
