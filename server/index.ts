import cluster from 'node:cluster';
import { resolve } from 'node:path';
import * as remixBuild from 'virtual:remix/server-build';
import packageJson from '../package.json' with { type: 'json' };
import { compose, type App } from './compose.ts';
import type { ComposeInput } from './compose/compose-input.ts';
import { composeWebWorker } from './compose/compose-web-worker.ts';
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

function readInput(signal: AbortSignal): ComposeInput {
  const config = loadConfig();
  return {
    config,
    remixBuild,
    rootDir: resolve(import.meta.dirname, import.meta.env.DEV ? '..' : '../..'),
    version: packageJson.version,
    commit: config.commit,
    print,
    signal,
  };
}

async function start(signal: AbortSignal): Promise<App> {
  const input = readInput(signal);
  print(`AdtroBot ${packageJson.version}`);
  return compose(input);
}

function explain(error: unknown): string {
  return error instanceof ConfigError || error instanceof AppError ? error.message : `AdtroBot could not start: ${describeError(error)}`;
}

/** The main process of an installation, and its only one unless `WEB_CONCURRENCY` says otherwise. */
function runMain(): void {
  const starting = new AbortController();
  const started = start(starting.signal);
  const stop = createStop(started, () => starting.abort());
  handleSignals(stop);
  if (process.argv.includes('--stop-with-parent')) watchParent(stop);
  started.catch((error: unknown) => {
    if (!starting.signal.aborted) fail(explain(error));
  });
}

/** One of several processes that answer the web. It ends when the main process says so, or is gone; a terminal's signals reach both. */
function runWebWorker(): void {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
  composeWebWorker(readInput(new AbortController().signal)).then(
    () => process.exit(0),
    (error: unknown) => fail(explain(error)),
  );
}

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) fail(`AdtroBot needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. "npm start" brings its own.`);

// Nobody reads what we print any more: that is no reason to end.
process.stdout.on('error', () => undefined);

if (cluster.isWorker) runWebWorker();
else runMain();
