import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A process to be kept running. */
export interface SupervisedProcessOptions<T> {
  readonly name: string;
  /** Run by the same Node as ourselves. */
  readonly scriptPath: string;
  /** Flags, given what the first run said when it was ready (null before), so that a restart takes the same port. */
  buildArgs(ready: T | null): readonly string[];
  /** What the ready line must hold. */
  readonly readySchema: z.ZodType<T>;
  readonly logger: Logger;
}

/** A process that is restarted when it ends by itself. */
export interface SupervisedProcess<T> {
  readonly ready: T;
  pid(): number | null;
  restartCount(): number;
  /** Ends it for good, by force if it does not end in time. May be called again. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 6_000;
const RESTART_DELAY_MS_MIN = 200;
const RESTART_DELAY_MS_MAX = 10_000;
/** A process that ran this long is taken for sound again: the next restart comes soon. */
const SOUND_AFTER_MS = 60_000;

/** Starts a process and waits for its ready line. Rejects when the first start fails; later failures are retried with backoff. */
export async function startSupervisedProcess<T>(options: SupervisedProcessOptions<T>): Promise<SupervisedProcess<T>> {
  const ending = new AbortController();
  let restartCount = 0;
  let child = launch(options, null);
  const ready = await readReady(options, child).catch(async (error: unknown) => {
    await endChild(child);
    throw error;
  });

  const keepRunning = async (): Promise<void> => {
    let delayMs = RESTART_DELAY_MS_MIN;
    while (!ending.signal.aborted) {
      const startedAtMs = Date.now();
      await exited(child);
      if (ending.signal.aborted) return;
      if (Date.now() - startedAtMs > SOUND_AFTER_MS) delayMs = RESTART_DELAY_MS_MIN;
      options.logger.warn(
        { process: options.name, exitCode: child.exitCode, signal: child.signalCode, delayMs },
        'sandbox process ended, restarting',
      );
      await sleep(delayMs, ending.signal);
      delayMs = Math.min(delayMs * 2, RESTART_DELAY_MS_MAX);
      if (ending.signal.aborted) return;
      restartCount += 1;
      child = launch(options, ready);
      await readReady(options, child).catch(async (error: unknown) => {
        options.logger.error({ process: options.name, error: describeError(error) }, 'sandbox process did not start');
        await endChild(child);
      });
    }
  };
  const kept = keepRunning();
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    ending.abort();
    await endChild(child);
    await kept;
  };
  return { ready, pid: () => child.pid ?? null, restartCount: () => restartCount, stop: () => (stopping ??= stop()) };
}

/**
 * Its stdin stays open as long as we live: however we end, the process sees it close and ends too. It has its own process
 * group, so that Ctrl-C does not end it before we have drained.
 */
function launch<T>(options: SupervisedProcessOptions<T>, ready: T | null): Child {
  const child = spawn(process.execPath, [options.scriptPath, ...options.buildArgs(ready)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => options.logger.error({ process: options.name, error: error.message }, 'sandbox process cannot be run'));
  createInterface({ input: child.stderr }).on('line', (line) =>
    options.logger.warn({ process: options.name, line }, 'sandbox process says'),
  );
  return child;
}

async function readReady<T>(options: SupervisedProcessOptions<T>, child: Child): Promise<T> {
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
  const lines = createInterface({ input: child.stdout });
  const ended = exited(child).then(() => {
    throw new Error(`${options.name} ended before it was ready`);
  });
  const line = once(lines, 'line', { signal: timeout }).then(([text]: unknown[]) => String(text));
  const text = await Promise.race([line, ended]).finally(() => {
    // The race's loser must not count as unhandled; what the process prints from now on is of no interest.
    line.catch(() => undefined);
    ended.catch(() => undefined);
    lines.on('line', () => undefined);
  });
  return options.readySchema.parse(JSON.parse(text));
}

/** Resolves when the process has ended, also when it never began. */
function exited(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
}

async function endChild(child: Child): Promise<void> {
  child.stdin.end();
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited(child);
  clearTimeout(force);
}
