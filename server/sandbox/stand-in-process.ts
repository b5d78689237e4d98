import { parseArgs, type ParseArgsConfig } from 'node:util';
import { describeError } from '#server/errors.ts';

/** The flags of a process as parsed, all strings; a flag that was not given is absent. */
export type StandInFlags = Readonly<Record<string, string | undefined>>;

/** A running stand-in: what its parent must know (one JSON line on stdout), and how to stop it. */
export interface RunningStandIn {
  readonly ready: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface StandInProcessOptions {
  /** Flag names without dashes, and the value of each that is not given (null: none). */
  readonly options: Readonly<Record<string, string | null>>;
  start(flags: StandInFlags): Promise<RunningStandIn>;
}

/** A stand-in that cannot close in this time is ended all the same. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Reads a whole number from a flag. Throws when it is not one or lies outside the limits. */
export function readWholeNumber(flags: StandInFlags, name: string, limits: { readonly min: number; readonly max: number }): number {
  return readNumber(flags, name, limits, Number.isSafeInteger);
}

/** Reads a finite number from a flag. Throws when it is not one or lies outside the limits. */
export function readNumber(
  flags: StandInFlags,
  name: string,
  limits: { readonly min: number; readonly max: number },
  isAllowed: (value: number) => boolean = Number.isFinite,
): number {
  const text = flags[name] ?? '';
  const value = Number(text);
  if (text.trim() === '' || !isAllowed(value) || value < limits.min || value > limits.max) {
    throw new Error(`--${name} must be a number from ${limits.min} to ${limits.max}, not "${text}"`);
  }
  return value;
}

/** Parses `--name value` flags. Throws on a flag that is not listed. */
export function parseFlags(options: StandInProcessOptions['options'], args: readonly string[]): StandInFlags {
  const config: ParseArgsConfig['options'] = {};
  for (const [name, fallback] of Object.entries(options)) {
    config[name] = fallback === null ? { type: 'string' } : { type: 'string', default: fallback };
  }
  const { values } = parseArgs({ args: [...args], options: config, strict: true });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]));
}

/**
 * The shell of a stand-in's process: prints one JSON line `{"ready":true,...}` when the stand-in listens, and ends
 * when the parent closes our stdin (also by dying) or on SIGTERM or SIGINT. Exit code 1 when it cannot start.
 */
export async function runStandInProcess({ options, start }: StandInProcessOptions): Promise<void> {
  let running: RunningStandIn;
  try {
    running = await start(parseFlags(options, process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
    return;
  }

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    // Fires only while something still holds the process, which ends by itself once nothing does.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), CLOSE_TIMEOUT_MS).unref();
    process.stdin.destroy();
    running.close().catch((error: unknown) => {
      process.stderr.write(`${describeError(error)}\n`);
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdin.once('end', stop).once('close', stop).once('error', stop).resume();
  // The parent may be gone before it read our line; that is a reason to stop, not to crash.
  process.stdout.once('error', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, ...running.ready })}\n`);
}
