import { resolve } from 'node:path';
import * as remixBuild from 'virtual:remix/server-build';
import packageJson from '../package.json' with { type: 'json' };
import { compose, type App } from './compose.ts';
import { ConfigError, loadConfig } from './config.ts';
import { AppError, describeError } from './errors.ts';

const NODE_MAJOR_MIN = 24;
/** Longest wait for an orderly stop. */
const STOP_TIMEOUT_MS = 30_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The first signal stops in order, within bounds; the second ends at once. */
function handleSignals(started: Promise<App>): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    print(`${signal}: stopping…`);
    setTimeout(() => fail('The stop took too long; ending now.'), STOP_TIMEOUT_MS).unref();
    started.then((app) => app.stop()).then(
      () => process.exit(0),
      (error: unknown) => fail(`The stop failed: ${describeError(error)}`),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function start(): Promise<App> {
  const config = loadConfig();
  print(`AdtroBot ${packageJson.version}`);
  return compose({
    config,
    remixBuild,
    rootDir: resolve(import.meta.dirname, import.meta.env.DEV ? '..' : '../..'),
    version: packageJson.version,
    commit: config.commit,
    print,
  });
}

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) fail(`AdtroBot needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. "npm start" brings its own.`);

const started = start();
handleSignals(started);
started.catch((error: unknown) => {
  if (error instanceof ConfigError || error instanceof AppError) fail(error.message);
  fail(`AdtroBot could not start: ${describeError(error)}`);
});
