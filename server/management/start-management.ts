import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError, describeError } from '#server/errors.ts';
import type { Logger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';
import { FromThread, type ThreadBrief, type ToThread } from './messages.ts';
import { SharedState, type MainState } from './shared-state.ts';

const BEAT_INTERVAL_MS = 250;
const RESTART_DELAY_MS = 1_000;
/** Far more than the thread needs: a leak in it must not become one of the process. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

export interface ManagementOptions {
  /** The built entry of the thread. */
  readonly scriptPath: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Null: the metrics are open. */
  readonly token: string | null;
  readonly isReady: () => boolean;
  readonly isLive: () => boolean;
  /** The metrics as text 0.0.4; asked at most once a second. */
  readonly renderText: () => Promise<string>;
  readonly logger: Logger;
}

/** The running second listener. */
export interface Management {
  readonly port: number;
  /** Tells at once what is otherwise told four times a second. */
  update(): void;
  /** Closes it. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a listener in a thread of its own that answers live, ready and metrics also when this loop is blocked or flooded.
 * Rejects with `unavailable` when it cannot listen. Should the thread end by itself, it is started again on the same port.
 */
export async function startManagement(options: ManagementOptions): Promise<Management> {
  const { isReady, isLive, logger } = options;
  const state = new SharedState();
  const current = (): MainState => ({ isReady: isReady(), isLive: isLive() });
  const update = () => state.beat(current());
  update();
  const beats = setInterval(update, BEAT_INTERVAL_MS);
  const first = await runThread(options, state, options.port).catch((error: unknown) => {
    clearInterval(beats);
    throw error;
  });
  const { port } = first;
  const stopping = new AbortController();
  let worker = first.worker;

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (worker.threadId !== -1) await once(worker, 'exit');
      if (stopping.signal.aborted) return;
      logger.error({ port }, 'the management listener ended, restarting');
      await sleep(RESTART_DELAY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      await runThread(options, state, port).then(
        (next) => {
          worker = next.worker;
        },
        (error: unknown) => logger.error({ err: describeError(error) }, 'the management listener did not start'),
      );
    }
  };
  const kept = keepRunning();
  const stop = async (): Promise<void> => {
    stopping.abort();
    clearInterval(beats);
    await worker.terminate();
    await kept;
    // The one that was just being started.
    await worker.terminate();
  };
  let stopped: Promise<void> | undefined;
  return { port, update, stop: () => (stopped ??= stop()) };
}

/** Starts the thread and waits until it listens. */
async function runThread({ scriptPath, host, token, renderText, logger }: ManagementOptions, state: SharedState, port: number): Promise<{ worker: Worker; port: number }> {
  const workerData: ThreadBrief = { state: state.buffer, host, port, token };
  // Not the environment, which holds every secret: the thread is told what it needs.
  const worker = new Worker(scriptPath, { workerData, env: {}, resourceLimits: HEAP_LIMITS });
  worker.on('error', (error) => logger.error({ err: describeError(error) }, 'the management listener failed'));
  const listening = Promise.withResolvers<number>();
  worker.once('exit', () => listening.reject(new AppError('unavailable', 'The management listener ended before it listened.')));
  worker.on('message', (raw: unknown) => {
    const message = FromThread.parse(raw);
    if (message.type === 'listening') listening.resolve(message.port);
    else if (message.type === 'failed') listening.reject(new AppError('unavailable', `The management listener cannot listen: ${message.message}`));
    else void answerRender(worker, renderText, logger);
  });
  try {
    return { worker, port: await listening.promise };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

async function answerRender(worker: Worker, renderText: () => Promise<string>, logger: Logger): Promise<void> {
  const text = await renderText().catch((error: unknown) => {
    logger.error({ err: describeError(error) }, 'metrics could not be rendered');
    return null;
  });
  const answer: ToThread = { type: 'rendered', text };
  worker.postMessage(answer);
}
